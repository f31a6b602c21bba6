struct PlaylistView: Decodable, Sendable {
    struct Origin: Decodable, Sendable {
        var path: String
        var missingCount: Int

        enum CodingKeys: String, CodingKey {
            case path
            case missingCount = "missing_count"
        }
    }

    var id: Int64
    var name: String
    var owner: String
    var isPublic: Bool
    var trackCount: Int
    var durationMs: Int
    var origin: Origin?

    enum CodingKeys: String, CodingKey {
        case id, name, owner, origin
        case isPublic = "public"
        case trackCount = "track_count"
        case durationMs = "duration_ms"
    }

    static func table(_ playlists: [PlaylistView]) -> TextTable {
        var table = TextTable([
            .init("ID", .right), .init("NAME", canShrink: true), .init("OWNER"), .init("SHARED"),
            .init("TRACKS", .right), .init("LENGTH", .right), .init("FROM", canShrink: true),
        ])
        for playlist in playlists {
            table.add([
                "\(playlist.id)", playlist.name, playlist.owner, playlist.isPublic ? "yes" : nil,
                Readable.count(playlist.trackCount), Readable.length(milliseconds: playlist.durationMs),
                playlist.origin?.path,
            ])
        }
        return table
    }
}

struct ListedTrackView: Decodable, Sendable {
    var position: Int
    var track: TrackView
}

struct ImportedPlaylistView: Decodable, Sendable {
    var playlist: PlaylistView
    var entryCount: Int
    var missingCount: Int
    var missing: [String]

    enum CodingKeys: String, CodingKey {
        case playlist, missing
        case entryCount = "entry_count"
        case missingCount = "missing_count"
    }
}

struct PlaylistFileView: Decodable, Sendable {
    var path: String
    var playlistID: Int64?
    var entryCount: Int
    var missingCount: Int
    var waiting: Bool
    var problem: String?

    enum CodingKeys: String, CodingKey {
        case path, waiting, problem
        case playlistID = "playlist_id"
        case entryCount = "entry_count"
        case missingCount = "missing_count"
    }
}
