import Domain

/// What Napster's API 2.2 answers, as far as it is used.
enum NapsterAnswers {
    struct Tokens: Decodable, Sendable {
        let access_token: String
        let refresh_token: String?
        let expires_in: LooseNumber?
    }

    struct Track: Decodable, Sendable {
        let id: String
        let name: String
        let artistName: LooseText?
        let albumName: LooseText?
        let albumId: LooseText?
        let isrc: LooseText?
        let playbackSeconds: LooseNumber?
        let href: LooseText?
    }

    struct Artist: Decodable, Sendable {
        let id: String
        let name: String
        let href: LooseText?
        let bios: Lenient<LooseList<Bio>>?

        struct Bio: Decodable, Sendable {
            let bio: LooseText?
        }
    }

    struct Album: Decodable, Sendable {
        let id: String
        let name: String
        let artistName: LooseText?
        let href: LooseText?
        let released: LooseText?
        let trackCount: LooseNumber?
    }

    struct Found: Decodable, Sendable {
        struct Search: Decodable, Sendable {
            struct Lists: Decodable, Sendable {
                let tracks: LooseList<Track>?
                let artists: LooseList<Artist>?
                let albums: LooseList<Album>?
            }

            let data: Lists
        }

        let search: Search
    }

    struct Similar: Decodable, Sendable { let artists: LooseList<Artist> }

    struct Account: Decodable, Sendable {
        struct Inner: Decodable, Sendable {
            let id: LooseText?
            let userName: LooseText?
            let screenName: LooseText?
        }

        let account: Lenient<Inner>?
    }
}
