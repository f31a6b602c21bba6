import Domain
import UseCases

/// `ListeningStore` on the database: plays.
package struct DatabaseListeningStore: ListeningStore {
    let context: QueueContext

    /// A play that was begun longer ago than this is not the one that ends now.
    static let openPlaySeconds: Int64 = 24 * 3600

    package func report(_ report: PlayReport, account: Int64) async throws -> Play {
        try await context.write(durable: true) { try $0.takeDown(report, account: account) }
    }

    package func plays(account: Int64, listensOnly: Bool, page: PageRequest) async throws -> Page<Play> {
        let start = try page.cursor.map { try PlaceBelow($0) }
        return try await context.database.read { connection in
            var query: Query = "SELECT \(PlayRow.columns) FROM play WHERE account_id = \(account)"
            if listensOnly { query = query + " AND counted = 1" }
            if let start { query = query + " AND (started_at, id) < (\(start.value), \(start.id))" }
            let plays = try connection.all(
                query + " ORDER BY started_at DESC, id DESC LIMIT \(page.limit + 1)", PlayRow.play)
            return Page(plays, limit: page.limit) { CatalogueCursor(key: String($0.startedAt), id: $0.id) }
        }
    }
}

/// Where a page of a list ended that goes down: the value and the id of its last row.
struct PlaceBelow {
    let value: Int64
    let id: Int64

    /// Throws `preconditionFailed` for text that is no cursor of these lists.
    init(_ text: String) throws {
        let cursor = try CatalogueCursor(text)
        guard let value = Int64(cursor.key) else {
            throw StoreError.preconditionFailed("the cursor is not one of this list")
        }
        self.value = value
        id = cursor.id
    }
}

enum PlayRow {
    static let columns: Query = "id, track_id, started_at, played_ms, client, finished, counted"

    static func play(_ row: any Row) -> Play {
        Play(
            id: row.int(0) ?? 0, trackID: row.int(1) ?? 0, startedAt: row.int(2) ?? 0, playedMs: row.int(3),
            client: row.text(4), isFinished: row.int(5) == 1, counts: row.int(6) == 1)
    }
}
