import Domain
import UseCases

/// `PlayQueueStore` on the database.
package struct DatabasePlayQueueStore: PlayQueueStore {
    let context: QueueContext

    package func playQueue(account: Int64) async throws -> PlayQueue? {
        try await context.database.read { connection in
            let head = try connection.first(
                """
                SELECT current_index, position_ms, changed_at, changed_by FROM play_queue WHERE account_id = \(account)
                """
            ) { row in
                PlayQueue(
                    trackIDs: [], currentIndex: row.number(0), positionMs: row.int(1) ?? 0,
                    changedAt: row.int(2) ?? 0, changedBy: row.text(3) ?? "")
            }
            guard var queue = head else { return nil }
            queue.trackIDs = try TrackSequence.queue(ofAccount: account).trackIDs(connection)
            return queue
        }
    }

    @discardableResult
    package func savePlayQueue(_ queue: NewPlayQueue, account: Int64) async throws -> PlayQueue? {
        guard !queue.trackIDs.isEmpty else {
            try await context.write(durable: true) { transaction in
                _ = try transaction.account(account)
                _ = try Self.lock(account, expecting: queue.expected, transaction.connection)
                try transaction.connection.execute("DELETE FROM play_queue WHERE account_id = \(account)")
            }
            return nil
        }
        try Self.check(queue)
        let client = String(String.UnicodeScalarView(queue.client.unicodeScalars.prefix(PlayQueue.maxClientLength)))
        return try await context.write(durable: true) { transaction in
            let connection = transaction.connection
            _ = try transaction.account(account)
            let before = try Self.lock(account, expecting: queue.expected, connection)
            let now = max(transaction.now, before + 1)
            let isSame: Query = queue.expected == nil ? "" : " WHERE play_queue.changed_at = \(before)"
            // Holds the row: players that save at once come one after the other.
            let saved = try connection.first(
                """
                INSERT INTO play_queue (account_id, current_index, position_ms, changed_at, changed_by)
                VALUES (\(account), \(queue.currentIndex), \(queue.positionMs), \(now), \(client))
                ON CONFLICT (account_id) DO UPDATE SET current_index = excluded.current_index,
                    position_ms = excluded.position_ms, changed_at = excluded.changed_at,
                    changed_by = excluded.changed_by\(isSame) RETURNING account_id
                """
            ) { _ in true }
            // The first queue of an account: another player was quicker since it was looked for.
            guard saved == true else { throw Self.changedMeanwhile }
            let sequence = TrackSequence.queue(ofAccount: account)
            // A player tells where it is every few seconds; the tracks are mostly those that are there.
            let known = try sequence.trackIDs(connection)
            if known != queue.trackIDs {
                try TrackSequence.requireTracks(queue.trackIDs, connection)
                try sequence.write(queue.trackIDs, over: known, connection)
            }
            return PlayQueue(
                trackIDs: queue.trackIDs, currentIndex: queue.currentIndex, positionMs: queue.positionMs,
                changedAt: now, changedBy: client)
        }
    }

    private static let changedMeanwhile = StoreError.conflict("the play queue was changed meanwhile: read it again")

    /// When the queue was changed last, 0 where there is none. Nobody else changes it before the transaction ends.
    private static func lock(_ account: Int64, expecting expected: Int64?, _ connection: any Connection) throws -> Int64
    {
        let found = try connection.first(
            """
            SELECT changed_at FROM play_queue WHERE account_id = \(account)\(Query.forUpdate(connection.dialect))
            """
        ) { $0.int(0) ?? 0 }
        guard expected == nil || expected == found ?? 0 else { throw changedMeanwhile }
        return found ?? 0
    }

    private static func check(_ queue: NewPlayQueue) throws {
        guard queue.trackIDs.count <= PlayQueue.maxEntries else {
            throw StoreError.preconditionFailed("a play queue has at most \(PlayQueue.maxEntries) tracks")
        }
        guard queue.trackIDs.indices.contains(queue.currentIndex) else {
            throw StoreError.preconditionFailed(
                "the play queue has no track at index \(queue.currentIndex): it has \(queue.trackIDs.count)")
        }
        guard (0...PlayQueue.maxPositionMs).contains(queue.positionMs) else {
            throw StoreError.preconditionFailed("the position lies outside of any track")
        }
    }
}
