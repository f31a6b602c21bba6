import Domain

/// A track as far as its ReplayGain goes.
struct GainTrackView: Decodable, Sendable {
    var id: Int64
    var path: FilePath
    var state: String
    var contentKey: String?
    var replayGain: ReplayGain?
    /// What of the file the track is; nil for all of it.
    var segment: Segment?

    struct Segment: Decodable {
        var number: Int
    }

    enum CodingKeys: String, CodingKey {
        case id, path, state, segment
        case contentKey = "content_key"
        case replayGain = "replay_gain"
    }
}

/// The tracks that a command about ReplayGain means; files that the library misses are no part of them, nor are parts
/// of files: their gain has no place in the file's tags.
struct GainTracks: Sendable {
    enum Scope: Sendable {
        case album(Int64)
        /// A file, or all that lies in a folder.
        case path(FilePath)
        case all
    }

    let client: APIClient

    private static let pageSize = 500

    func tracks(_ scope: Scope) async throws -> [GainTrackView] {
        let found = try await list(scope)
        return found.filter { $0.state == Track.State.present.rawValue && $0.segment == nil }.sorted {
            $0.path.bytes.lexicographicallyPrecedes($1.path.bytes)
        }
    }

    private func list(_ scope: Scope) async throws -> [GainTrackView] {
        switch scope {
        case .all: return try await pages([])
        case .album(let id):
            _ = try await client.get("/v1/albums/\(id)")
            return try await pages([("album_id", "\(id)")])
        case .path(let path):
            let file = try await pages([("path", path.encoded)])
            return file.isEmpty ? try await pages([]).filter { path.contains($0.path) } : file
        }
    }

    private func pages(_ filter: [(String, String?)]) async throws -> [GainTrackView] {
        var tracks: [GainTrackView] = []
        var cursor: String?
        repeat {
            let page = try await client.get(
                "/v1/tracks", filter + [("limit", "\(Self.pageSize)"), ("cursor", cursor)]
            ).decode(PageView<GainTrackView>.self)
            tracks += page.items
            cursor = page.nextCursor
        } while cursor != nil
        return tracks
    }
}
