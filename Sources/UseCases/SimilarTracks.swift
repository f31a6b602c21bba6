import Domain
import Similarity
import Synchronization

/// Answers "what sounds like this?" from vectors held in memory.
///
/// Before each answer it reads the vector changes since the last one, so a new track is in the next answer, whichever
/// process wrote its vector, and there is nothing to rebuild.
package final class SimilarTracks: SimilarityFinder {
    private struct State {
        var index: VectorIndex
        /// The last vector change that the index holds.
        var sequence: Int64 = 0
    }

    private let catalogue: any Catalogue
    private let model: String
    private let state: Mutex<State>

    /// Changes read in one step while the index catches up.
    private static let changesPerStep = 5000

    package init(catalogue: any Catalogue, model: String, dimension: Int) {
        self.catalogue = catalogue
        self.model = model
        state = Mutex(State(index: VectorIndex(dimension: dimension)))
    }

    package func similar(to trackID: Int64, limit: Int) async throws -> [SimilarTrack] {
        try await catchUp()
        guard let seed = state.withLock({ $0.index.vector(trackID) }) else {
            throw try await whyWithoutVector(trackID)
        }
        let neighbours = try state.withLock { try $0.index.nearest(to: seed, limit: limit) { $0 != trackID } }
        let tracks = try await catalogue.tracks(ids: neighbours.map(\.id))
        let byID = Dictionary(tracks.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        return neighbours.compactMap { neighbour in
            byID[neighbour.id].map { SimilarTrack(track: $0, score: Double(neighbour.score)) }
        }
    }

    /// Reads what changed since the last call. Called at start too, so that the first question need not wait.
    package func catchUp() async throws {
        while true {
            let after = state.withLock { $0.sequence }
            let changes = try await catalogue.vectorChanges(model: model, after: after, limit: Self.changesPerStep)
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

    private func whyWithoutVector(_ trackID: Int64) async throws -> StoreError {
        let track = try await catalogue.track(id: trackID)
        let what =
            switch track.analysis?.status {
            case .silent?: "its audio is silent"
            case .tooShort?: "its audio is too short to compare"
            case .complete?, .truncated?: "it was analysed, and its vector is still to be computed"
            case nil: "it has not been analysed yet"
            }
        return .preconditionFailed("track \(trackID) has no vector: \(what)")
    }
}
