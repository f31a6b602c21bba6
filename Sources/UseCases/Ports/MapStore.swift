import Contracts
import Domain

/// The planes on which libraries are drawn, as the database keeps them.
package protocol MapStore: Sendable {
    func basis(model: String) async throws -> StoredMapBasis?

    /// True while a task that is to find the model's plane waits or runs, and while its dead letter is kept.
    func hasProjection(model: String) async throws -> Bool

    /// Queues the task, unless there is one or the plane is another by now than that of `version`.
    /// Answers whether it was queued.
    func queueProjection(_ payload: ProjectMapPayload, replacing version: Int64?) async throws -> Bool

    /// Genres as they are shown; unknown ids are left out.
    func genreNames(_ ids: [Int64]) async throws -> [Int64: String]
}

package struct StoredMapBasis: Hashable, Sendable {
    package let basis: MapBasis
    /// Counts up with each plane of the model.
    package let version: Int64
    /// Vectors that there were when it was found.
    package let vectors: Int
    /// Microseconds since the epoch.
    package let computedAt: Int64

    package init(basis: MapBasis, version: Int64, vectors: Int, computedAt: Int64) {
        self.basis = basis
        self.version = version
        self.vectors = vectors
        self.computedAt = computedAt
    }
}
