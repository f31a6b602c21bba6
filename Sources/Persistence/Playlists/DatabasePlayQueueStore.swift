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
                try transaction.connection.execute("DELETE FROM play_queue WHERE account_id = \(account)")
            }
            return nil
        }
        try Self.check(queue)
        let client = String(String.UnicodeScalarView(queue.client.unicodeScalars.prefix(PlayQueue.maxClientLength)))
        return try await context.write(durable: true) { transaction in
            let (connection, now) = (transaction.connection, transaction.now)
            _ = try transaction.account(account)
            // Holds the row: players that save at once come one after the other.
            try connection.execute(
                """
                INSERT INTO play_queue (account_id, current_index, position_ms, changed_at, changed_by)
                VALUES (\(account), \(queue.currentIndex), \(queue.positionMs), \(now), \(client))
                ON CONFLICT (account_id) DO UPDATE SET current_index = excluded.current_index,
                    position_ms = excluded.position_ms, changed_at = excluded.changed_at,
                    changed_by = excluded.changed_by
                """)
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
