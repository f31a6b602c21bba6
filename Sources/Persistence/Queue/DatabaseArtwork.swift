import Contracts
import Domain
import UseCases

/// `ArtworkStore` on the database.
package struct DatabaseArtwork: ArtworkStore {
    let context: QueueContext
    let catalogue: DatabaseCatalogue

    package func queueMissing(
        after albumID: Int64, since time: Int64, limit: Int
    ) async throws -> (last: Int64?, queued: Int) {
        // Most looks find nothing, and reading keeps nobody waiting.
        let ids = try await context.database.read { try Self.missing(after: albumID, since: time, limit, $0) }
        guard let last = ids.last else { return (nil, 0) }
        let queued = try await context.write { transaction in
            let tasks = try ids.compactMap { id -> EnqueuedTask? in
                let asked = DownloadArtworkPayload(albumID: id)
                do {
                    let payload = try catalogue.complete(asked, transaction.connection)
                    let task = NewTask(
                        payload: .downloadArtwork(payload), priority: .low, dedupeKey: asked.dedupeKey)
                    return EnqueuedTask(task, scanID: nil, parentID: nil)
                } catch StoreError.notFound, StoreError.preconditionFailed {
                    return nil  // it is gone, or has a picture since
                }
            }
            return try transaction.enqueue(tasks).count
        }
        return (last, queued)
    }

    private static func missing(
        after albumID: Int64, since time: Int64, _ limit: Int, _ connection: any Connection
    ) throws -> [Int64] {
        let isScanning = try connection.first("SELECT 1 FROM scan WHERE finished_at IS NULL LIMIT 1") { _ in true }
        guard isScanning == nil else { return [] }
        return try connection.all(
            """
            SELECT album.id FROM album
            WHERE album.id > \(albumID) AND album.cover_hash IS NULL AND NOT EXISTS (
                SELECT 1 FROM album_artwork WHERE album_artwork.album_id = album.id
                    AND (album_artwork.cover_hash IS NOT NULL OR album_artwork.checked_at > \(time)))
                AND EXISTS (SELECT 1 FROM track WHERE track.album_id = album.id AND track.state = 0)
            ORDER BY album.id LIMIT \(limit)
            """
        ) { $0.int(0) ?? 0 }
    }
}
