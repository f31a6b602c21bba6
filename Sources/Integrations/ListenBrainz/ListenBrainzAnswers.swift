import Domain

/// What ListenBrainz answers, as far as it is used.
enum ListenBrainzAnswers {
    /// `{}` for what it does not know.
    struct Lookup: Decodable, Sendable {
        let artist_credit_name: String?
        let artist_mbids: Lenient<[String]>?
        let recording_mbid: String?
        let recording_name: String?
        let release_mbid: String?
        let release_name: String?
        let metadata: Lenient<Metadata>?
    }

    struct Metadata: Decodable, Sendable {
        struct Recording: Decodable, Sendable {
            let name: LooseText?
            let length: LooseNumber?
        }

        struct Artist: Decodable, Sendable {
            struct Member: Decodable, Sendable {
                let artist_mbid: String?
                let name: LooseText?
            }

            let name: LooseText?
            let artists: LooseList<Member>?
        }

        struct Tags: Decodable, Sendable {
            struct Tag: Decodable, Sendable {
                let tag: String
                let count: LooseNumber?
            }

            let recording: LooseList<Tag>?
            let artist: LooseList<Tag>?
        }

        struct Release: Decodable, Sendable {
            let mbid: LooseText?
            let release_group_mbid: LooseText?
            let year: LooseNumber?
            let caa_id: LooseNumber?
            let caa_release_mbid: LooseText?
        }

        let recording: Lenient<Recording>?
        let artist: Lenient<Artist>?
        let tag: Lenient<Tags>?
        let release: Lenient<Release>?
    }

    struct SimilarRecording: Decodable, Sendable {
        let recording_mbid: String
        let recording_name: LooseText?
        let artist_credit_name: LooseText?
        let score: LooseNumber?
    }

    struct SimilarArtist: Decodable, Sendable {
        let artist_mbid: String
        let name: LooseText?
        let score: LooseNumber?
    }
}
