import Domain

/// Albums without a picture, as the database knows them.
package protocol ArtworkStore: Sendable {
    /// Queues a task of low priority for up to `limit` albums after `albumID` whose files hold no picture, and for which
    /// none was looked for since `time` (microseconds since the epoch). Nothing while a scan goes on: the next file may
    /// hold one. Answers the last album that it looked at, nil when there was none, and how many tasks are new.
    func queueMissing(after albumID: Int64, since time: Int64, limit: Int) async throws -> (last: Int64?, queued: Int)
}
