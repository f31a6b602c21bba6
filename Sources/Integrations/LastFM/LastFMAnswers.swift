import Domain

/// What Last.fm answers, as far as it is used. Numbers come as texts, lists of one as their element.
enum LastFMAnswers {
    struct Image: Decodable, Sendable {
        let text: LooseText?
        let size: LooseText?

        enum CodingKeys: String, CodingKey {
            case size
            case text = "#text"
        }
    }

    struct Tag: Decodable, Sendable {
        let name: String
        /// Of the heaviest, in percent.
        let count: LooseNumber?
    }

    struct Tags: Decodable, Sendable {
        let tag: LooseList<Tag>?
    }

    struct Wiki: Decodable, Sendable {
        let summary: LooseText?
    }

    /// An artist of a track; of an album by its name alone.
    struct Name: Decodable, Sendable {
        let name: String

        init(from decoder: any Decoder) throws {
            if let text = try? decoder.singleValueContainer().decode(String.self) {  // an object, then
                name = text
            } else {
                name = try decoder.container(keyedBy: CodingKeys.self).decode(String.self, forKey: .name)
            }
        }

        enum CodingKeys: String, CodingKey { case name }
    }

    struct Similar: Decodable, Sendable {
        let name: String
        let artist: Name?
        let mbid: LooseText?
        let match: LooseNumber?
    }

    struct TrackInfo: Decodable, Sendable {
        struct Album: Decodable, Sendable {
            let title: LooseText?
            let mbid: LooseText?
            let image: LooseList<Image>?
        }

        let name: String
        let mbid: LooseText?
        let url: LooseText?
        /// Milliseconds, here.
        let duration: LooseNumber?
        let listeners: LooseNumber?
        let playcount: LooseNumber?
        let artist: Name?
        let album: Lenient<Album>?
        let toptags: Lenient<Tags>?
        let wiki: Lenient<Wiki>?
    }

    struct TrackAnswer: Decodable, Sendable { let track: TrackInfo }

    struct SimilarTracks: Decodable, Sendable {
        struct Inner: Decodable, Sendable { let track: LooseList<Similar>? }
        let similartracks: Lenient<Inner>
    }

    struct AlbumInfo: Decodable, Sendable {
        let name: String
        let artist: Name?
        let mbid: LooseText?
        let url: LooseText?
        let listeners: LooseNumber?
        let playcount: LooseNumber?
        let image: LooseList<Image>?
        let tags: Lenient<Tags>?
        let wiki: Lenient<Wiki>?
    }

    struct AlbumAnswer: Decodable, Sendable { let album: AlbumInfo }

    struct ArtistInfo: Decodable, Sendable {
        struct Stats: Decodable, Sendable {
            let listeners: LooseNumber?
            let playcount: LooseNumber?
        }

        let name: String
        let mbid: LooseText?
        let url: LooseText?
        let image: LooseList<Image>?
        let stats: Lenient<Stats>?
        let tags: Lenient<Tags>?
        let bio: Lenient<Wiki>?
    }

    struct ArtistAnswer: Decodable, Sendable { let artist: ArtistInfo }

    struct SimilarArtists: Decodable, Sendable {
        struct Inner: Decodable, Sendable { let artist: LooseList<Similar>? }
        let similarartists: Lenient<Inner>
    }

    struct TopTags: Decodable, Sendable { let toptags: Lenient<Tags> }

    struct Session: Decodable, Sendable {
        struct Inner: Decodable, Sendable {
            let name: String
            let key: String
        }

        let session: Inner
    }

    struct UserAnswer: Decodable, Sendable {
        struct User: Decodable, Sendable { let name: LooseText? }

        let user: User
    }

    struct Token: Decodable, Sendable { let token: String }

    /// `{}` and whatever else comes with a call that answers nothing.
    struct Nothing: Decodable, Sendable {}

    struct Scrobbles: Decodable, Sendable {
        struct Ignored: Decodable, Sendable {
            let code: LooseNumber?
            let text: LooseText?

            enum CodingKeys: String, CodingKey {
                case code
                case text = "#text"
            }
        }

        struct Scrobble: Decodable, Sendable {
            let ignoredMessage: Ignored?
        }

        struct Counts: Decodable, Sendable {
            let accepted: LooseNumber?
            let ignored: LooseNumber?
        }

        struct Inner: Decodable, Sendable {
            let counts: Counts?
            let scrobble: LooseList<Scrobble>?

            enum CodingKeys: String, CodingKey {
                case scrobble
                case counts = "@attr"
            }
        }

        let scrobbles: Inner
    }
}
