import Domain
import Similarity
import Synchronization

/// The vectors of one space in memory. It reads what changed before each answer, so a new vector is in the next one.
final class TextSpaceIndex: Sendable {
    private struct State {
        var index: VectorIndex
        /// The last vector change that the index holds.
        var sequence: Int64 = 0
    }

    let space: EmbeddingSpace
    private let state: Mutex<State>

    /// Changes read in one step.
    private static let changesPerStep = 2000

    init(space: EmbeddingSpace) {
        self.space = space
        state = Mutex(State(index: VectorIndex(dimension: space.dimension)))
    }

    func catchUp(from store: any TextVectorStore) async throws {
        while true {
            let after = state.withLock { $0.sequence }
            let changes = try await store.changes(in: space, after: after, limit: Self.changesPerStep)
            guard let last = changes.last else { return }
            try state.withLock { state in
                // Another call may have read the same changes meanwhile.
                guard state.sequence == after else { return }
                for change in changes { try Self.apply(change, to: &state.index) }
                state.sequence = last.sequence
            }
        }
    }

    private static func apply(_ change: VectorChange, to index: inout VectorIndex) throws {
        // A vector of another length or with NaN is kept out of the answers, not allowed to spoil them.
        guard let vector = change.vector, vector.count == index.dimension, vector.allSatisfy(\.isFinite) else {
            index.remove(change.trackID)
            return
        }
        try index.upsert(change.trackID, vector)
    }

    func nearest(
        to query: [Float], limit: Int
    ) throws -> (neighbours: [VectorIndex.Neighbour], compared: Int) {
        // A copy, so that nobody waits for a search.
        let index = state.withLock { $0.index }
        return (try index.nearest(to: query, limit: limit), index.count)
    }
}
