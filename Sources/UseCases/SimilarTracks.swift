import Domain
import Logging
import Similarity

/// Answers "what sounds like this?" from vectors and facts held in memory. A new track is in the next answer.
package final class SimilarTracks: SimilarityFinder {
    let catalogue: any Catalogue
    let facts: FactsFeed
    private let feed: VectorFeed

    package init(
        catalogue: any Catalogue, model: String, dimension: Int, logger: Logger = Logger(label: "sillon.similar")
    ) {
        self.catalogue = catalogue
        facts = FactsFeed(catalogue: catalogue)
        feed = VectorFeed(catalogue: catalogue, model: model, dimension: dimension, logger: logger)
    }

    /// Reads what changed since the last call. Called at start too, so that the first question need not wait. First the
    /// vectors, then the facts: every vector that is found then has its facts.
    package func catchUp() async throws {
        try await feed.catchUp()
        try await facts.catchUp()
    }

    /// Vectors that are held.
    package var count: Int { withIndex(\.count) }

    /// Searches a copy: nobody waits for a search, and no search for what is written meanwhile.
    func withIndex<Result>(_ body: (VectorIndex) throws -> Result) rethrows -> Result {
        try body(feed.index)
    }
}
