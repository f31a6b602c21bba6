import Domain
import Logging
import Similarity

/// Answers "what sounds like this?" from vectors held in memory. A new track is in the next answer.
package final class SimilarTracks: SimilarityFinder {
    private let catalogue: any Catalogue
    private let feed: VectorFeed

    package init(
        catalogue: any Catalogue, model: String, dimension: Int, logger: Logger = Logger(label: "sillon.similar")
    ) {
        self.catalogue = catalogue
        feed = VectorFeed(catalogue: catalogue, model: model, dimension: dimension, logger: logger)
    }

    package func similar(to trackID: Int64, limit: Int) async throws -> [SimilarTrack] {
        try await catchUp()
        let neighbours = try await neighbours(of: trackID, limit: limit)
        let tracks = try await catalogue.tracks(ids: neighbours.map(\.id))
        let byID = Dictionary(tracks.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        return neighbours.compactMap { neighbour in
            byID[neighbour.id].map { SimilarTrack(track: $0, score: Double(neighbour.score)) }
        }
    }

    /// Reads what changed since the last call. Called at start too, so that the first question need not wait.
    package func catchUp() async throws {
        try await feed.catchUp()
    }

    /// Vectors that are held.
    package var count: Int { withIndex(\.count) }

    /// Searches a copy: nobody waits for a search, and no search for what is written meanwhile.
    func withIndex<Result>(_ body: (VectorIndex) throws -> Result) rethrows -> Result {
        try body(feed.index)
    }

    private func neighbours(of trackID: Int64, limit: Int) async throws -> [VectorIndex.Neighbour] {
        let found = try withIndex { index in
            try index.vector(trackID).map { seed in try index.nearest(to: seed, limit: limit) { $0 != trackID } }
        }
        guard let found else { throw try await whyWithoutVector(trackID) }
        return found
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
