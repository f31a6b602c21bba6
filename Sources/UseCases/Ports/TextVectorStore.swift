import Domain

/// Vectors of models that work on words, as the database keeps them.
package protocol TextVectorStore: Sendable {
    /// Of all models; those of one model together, its current space first.
    func spaces() async throws -> [StoredSpace]

    /// As `Catalogue.vectorChanges`, in this space.
    func changes(in space: EmbeddingSpace, after sequence: Int64, limit: Int) async throws -> [VectorChange]

    /// The service says that this is the model now. Nothing is done for a version that has no vectors yet.
    /// - Parameter dimension: nil when the service was not asked for a vector; then the last one that it gave counts.
    /// - Returns: the dimension of the version; nil when nobody knows it yet.
    func setCurrent(model: String, digest: String, dimension: Int?) async throws -> Int?

    /// Queues a task for up to `limit` tracks after `trackID` that have no vector by this version of the model.
    /// Answers the last track that it looked at, nil when there was none, and how many tasks are new.
    /// - Parameter dimension: as `setCurrent` answered it.
    func queueMissing(
        model: String, digest: String, dimension: Int?, after trackID: Int64, limit: Int
    ) async throws -> (last: Int64?, queued: Int)

    /// How many tasks for vectors by this model wait, now or for their time; no more than `limit` are counted.
    func waitingTasks(of model: String, limit: Int) async throws -> Int

    /// Lets those that wait because the model was away have their turn now; answers how many.
    func wakeTasks(of model: String) async throws -> Int

    /// Ends what waits for vectors by any other model: nobody would ever do it. Answers how many.
    func endTasks(exceptOf models: [String]) async throws -> Int

    /// Deletes the vectors of every model or space whose name matches; answers how many. Their tracks get new ones.
    /// - Parameter pattern: `*` stands for any characters, also none.
    func invalidate(matching pattern: NamePattern) async throws -> Int
}

package struct StoredSpace: Hashable, Sendable {
    package let space: EmbeddingSpace
    /// Microseconds since the epoch.
    package let currentSince: Int64
    package let vectors: Int

    package init(space: EmbeddingSpace, currentSince: Int64, vectors: Int) {
        self.space = space
        self.currentSince = currentSince
        self.vectors = vectors
    }
}
