import Domain

/// `enrich_track`, `enrich_album` and `enrich_artist` v1: ask services outside what they know of it.
package struct EnrichPayload: Hashable, Sendable {
    package var kind: OutsideSubject.Kind
    /// Of the track, album or artist.
    package var id: Int64
    /// The orchestrator fills these two in when the sender leaves them out.
    package var subject: OutsideSubject?
    /// Those that are to be asked: what the others said is not old yet.
    package var sources: [ServiceID]?
    /// True: what is not old yet is asked for, too.
    package var refresh: Bool?

    package init(
        kind: OutsideSubject.Kind, id: Int64, subject: OutsideSubject? = nil, sources: [ServiceID]? = nil,
        refresh: Bool? = nil
    ) {
        self.kind = kind
        self.id = id
        self.subject = subject
        self.sources = sources
        self.refresh = refresh
    }
}

extension EnrichPayload: Codable {
    /// `track_id` says what `names` are those of.
    private enum Keys: String, CodingKey {
        case names, sources, refresh
        case track = "track_id"
        case album = "album_id"
        case artist = "artist_id"

        static func id(_ kind: OutsideSubject.Kind) -> Keys {
            switch kind {
            case .track: .track
            case .album: .album
            case .artist: .artist
            }
        }
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Keys.self)
        let kinds = OutsideSubject.Kind.allCases.filter { container.contains(.id($0)) }
        guard let kind = kinds.first, kinds.count == 1 else {
            throw DecodingError.dataCorrupted(
                .init(
                    codingPath: decoder.codingPath,
                    debugDescription: "one of track_id, album_id and artist_id is to be named"))
        }
        self.init(
            kind: kind, id: try container.decode(Int64.self, forKey: .id(kind)),
            sources: try container.decodeIfPresent([ServiceID].self, forKey: .sources),
            refresh: try container.decodeIfPresent(Bool.self, forKey: .refresh))
        subject =
            switch kind {
            case .track: try container.decodeIfPresent(TrackQuestion.self, forKey: .names).map(OutsideSubject.track)
            case .album: try container.decodeIfPresent(AlbumQuestion.self, forKey: .names).map(OutsideSubject.album)
            case .artist: try container.decodeIfPresent(ArtistQuestion.self, forKey: .names).map(OutsideSubject.artist)
            }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Keys.self)
        try container.encode(id, forKey: .id(kind))
        switch subject {
        case .track(let names): try container.encode(names, forKey: .names)
        case .album(let names): try container.encode(names, forKey: .names)
        case .artist(let names): try container.encode(names, forKey: .names)
        case nil: break
        }
        try container.encodeIfPresent(sources, forKey: .sources)
        try container.encodeIfPresent(refresh, forKey: .refresh)
    }
}

extension OutsideSubject.Kind {
    /// The task that asks about it.
    package var task: TaskKind {
        switch self {
        case .track: .enrichTrack
        case .album: .enrichAlbum
        case .artist: .enrichArtist
        }
    }
}
