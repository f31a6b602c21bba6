import Domain

/// What a service has of somebody's listens already: asked before listens go out again of which nobody knows whether they
/// arrived.
package protocol ListenHistory: Sendable {
    var source: ServiceID { get }

    /// Listens that began between these two times, seconds since the epoch, both included. Nil when the service will not
    /// tell. Throws `Failure` and `CancellationError`.
    func listens(from: Int64, to: Int64, of account: ServiceAccount) async throws -> [HeardListen]?
}

/// A listen as a service has it: names may be corrected there.
package struct HeardListen: Hashable, Sendable {
    package var startedAt: Int64
    package var artist: String
    package var title: String

    package init(startedAt: Int64, artist: String, title: String) {
        self.startedAt = startedAt
        self.artist = artist
        self.title = title
    }
}
