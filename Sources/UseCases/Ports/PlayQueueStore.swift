import Domain

/// What accounts play: one queue for each, shared by all its players. The last who saves wins, unless it says which queue
/// it knows.
package protocol PlayQueueStore: Sendable {
    /// Nil when nothing was saved.
    func playQueue(account: Int64) async throws -> PlayQueue?
    /// No tracks clear it; then there is none. Throws `notFound` for a track that is not in the library,
    /// `conflict` when the queue is not the one that `queue.expected` tells of, `preconditionFailed` for an index that the list does not have, a position that is none, and too many tracks.
    @discardableResult
    func savePlayQueue(_ queue: NewPlayQueue, account: Int64) async throws -> PlayQueue?
}
