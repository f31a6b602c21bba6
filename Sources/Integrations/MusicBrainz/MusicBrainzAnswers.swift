import Domain

/// What MusicBrainz answers, as far as it is used. Almost everything can be null.
enum MusicBrainzAnswers {
    struct Artist: Decodable, Sendable {
        let id: String
        let name: String
        let disambiguation: LooseText?
        let lifeSpan: Lenient<LifeSpan>?
        let tags: LooseList<Tag>?
        let genres: LooseList<Tag>?
        let score: LooseNumber?

        struct LifeSpan: Decodable, Sendable {
            let begin: LooseText?
        }

        enum CodingKeys: String, CodingKey {
            case id, name, disambiguation, tags, genres, score
            case lifeSpan = "life-span"
        }
    }

    struct Credit: Decodable, Sendable {
        let name: LooseText?
        let joinphrase: String?
        let artist: Artist?
    }

    struct Tag: Decodable, Sendable {
        let name: String
        let count: LooseNumber?
    }

    struct ReleaseGroup: Decodable, Sendable {
        let id: String
        let primaryType: LooseText?
        let firstReleaseDate: LooseText?
        let tags: LooseList<Tag>?
        let genres: LooseList<Tag>?

        enum CodingKeys: String, CodingKey {
            case id, tags, genres
            case primaryType = "primary-type"
            case firstReleaseDate = "first-release-date"
        }
    }

    struct Medium: Decodable, Sendable {
        let trackCount: LooseNumber?

        enum CodingKeys: String, CodingKey { case trackCount = "track-count" }
    }

    struct Release: Decodable, Sendable {
        let id: String
        let title: String
        let status: LooseText?
        let date: LooseText?
        let credit: LooseList<Credit>?
        let releaseGroup: Lenient<ReleaseGroup>?
        let trackCount: LooseNumber?
        let media: LooseList<Medium>?
        let tags: LooseList<Tag>?
        let genres: LooseList<Tag>?

        enum CodingKeys: String, CodingKey {
            case id, title, status, date, media, tags, genres
            case credit = "artist-credit"
            case releaseGroup = "release-group"
            case trackCount = "track-count"
        }

        /// On all its media.
        var tracks: Int? {
            if let count = trackCount?.count { return count }
            let counts = (media?.items ?? []).compactMap { $0.trackCount?.count }
            // No release has so many that the sum overflows: each is bounded here.
            return counts.isEmpty ? nil : counts.reduce(0) { $0 + min($1, 10_000) }
        }
    }

    struct Recording: Decodable, Sendable {
        let id: String
        let title: String
        let length: LooseNumber?
        let credit: LooseList<Credit>?
        let firstReleaseDate: LooseText?
        let releases: LooseList<Release>?
        let isrcs: LooseList<String>?
        let tags: LooseList<Tag>?
        let genres: LooseList<Tag>?

        enum CodingKeys: String, CodingKey {
            case id, title, length, releases, isrcs, tags, genres
            case credit = "artist-credit"
            case firstReleaseDate = "first-release-date"
        }
    }

    struct RecordingList: Decodable, Sendable { let recordings: LooseList<Recording> }
    struct ReleaseList: Decodable, Sendable { let releases: LooseList<Release> }
    struct ArtistList: Decodable, Sendable { let artists: LooseList<Artist> }
}

extension LooseList<MusicBrainzAnswers.Credit> {
    /// As it is written on the sleeve.
    var text: String? {
        let text = items.map { ($0.name?.value ?? $0.artist?.name ?? "") + ($0.joinphrase ?? "") }.joined()
        return text.isEmpty ? nil : text
    }

    var artistIDs: [String] { items.compactMap { $0.artist?.id } }
}
