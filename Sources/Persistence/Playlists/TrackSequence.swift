import Domain
import UseCases

/// Tracks in an order, each with its position, which has no gaps: a playlist, or what an account plays.
struct TrackSequence {
    private let table: String
    private let ownerColumn: String
    private let owner: Int64

    static func playlist(_ id: Int64) -> TrackSequence {
        TrackSequence(table: "playlist_entry", ownerColumn: "playlist_id", owner: id)
    }

    static func queue(ofAccount id: Int64) -> TrackSequence {
        TrackSequence(table: "play_queue_entry", ownerColumn: "account_id", owner: id)
    }

    private var rows: Query { Query(stringLiteral: "\(table) WHERE \(ownerColumn) = ") + "\(owner)" }

    /// All of it, in order.
    func trackIDs(_ connection: any Connection) throws -> [Int64] {
        try connection.all("SELECT track_id FROM \(rows) ORDER BY position") { $0.int(0) ?? 0 }
    }

    /// From a position on.
    func entries(from start: Int64, limit: Int, _ connection: any Connection) throws -> [PlaylistEntry] {
        try connection.all(
            """
            SELECT position, track_id FROM \(rows) AND position >= \(start) ORDER BY position LIMIT \(limit)
            """
        ) { PlaylistEntry(position: Int(clamping: $0.int(0) ?? 0), trackID: $0.int(1) ?? 0) }
    }

    /// Makes `known`, which is what stands there, into `wanted`; what both begin with is not written again.
    func write(_ wanted: [Int64], over known: [Int64], _ connection: any Connection) throws {
        let same = zip(known, wanted).prefix { $0 == $1 }.count
        if same < known.count {
            try connection.execute("DELETE FROM \(rows) AND position >= \(same)")
        }
        guard same < wanted.count else { return }
        try connection.load(
            wanted[same...].enumerated().map { offset, track in
                [.integer(owner), .integer(Int64(same + offset)), .integer(track)]
            }, into: table, columns: [ownerColumn, "position", "track_id"])
    }

    /// Throws `notFound` for a track that is not in the library. Where rows are locked, none of them goes before the
    /// transaction ends.
    static func requireTracks(_ ids: [Int64], _ connection: any Connection) throws {
        guard !ids.isEmpty else { return }
        let distinct = Set(ids)
        let lock: Query = connection.dialect == .postgres ? " ORDER BY id FOR KEY SHARE" : ""
        var missing = distinct
        try connection.forEach(
            "SELECT id FROM track WHERE id \(.among(distinct.sorted(), connection.dialect))\(lock)"
        ) { missing.remove($0.int(0) ?? 0) }
        if let first = ids.first(where: missing.contains) {
            throw StoreError.notFound("there is no track \(first)")
        }
    }
}
