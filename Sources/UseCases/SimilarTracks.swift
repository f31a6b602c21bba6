import Domain
import Logging
import Similarity

/// Answers "what sounds like this?" from vectors that are in step with the database, here or there, and from facts in
/// memory. A new track is in the next answer.
package final class SimilarTracks: SimilarityFinder {
    let catalogue: any Catalogue
    let facts: FactsFeed
    let vectors: any NearestVectors

    package init(catalogue: any Catalogue, vectors: any NearestVectors) {
        self.catalogue = catalogue
        self.vectors = vectors
        facts = FactsFeed(catalogue: catalogue)
    }

    /// With all vectors in memory.
    package convenience init(
        catalogue: any Catalogue, model: String, dimension: Int, logger: Logger = Logger(label: "sillon.similar")
    ) {
        self.init(
            catalogue: catalogue,
            vectors: VectorFeed(catalogue: catalogue, model: model, dimension: dimension, logger: logger))
    }

    /// Reads what changed since the last call. First the vectors, then the facts: every vector that is found then has
    /// its facts.
    func catchUp() async throws {
        let last = try await catalogue.lastVectorChange()
        try await vectors.catchUp(until: last)
        try await facts.catchUp(until: last)
    }

    /// Before the first question. Throws what somebody has to change before there can be answers.
    package func prepare() async throws { try await vectors.prepare() }

    var model: String { vectors.model }

    /// As `catchUp`, at start and while nobody asks, so that no question has to wait for much.
    package func keepUp() async throws {
        async let known: Void = facts.keepUp()
        try await vectors.keepUp()
        try await known
    }

    /// Vectors in this process's memory; nil where they are kept elsewhere.
    package var held: Int? { vectors.held }

    func gate(_ gate: FactsGate) -> VectorGate {
        VectorGate(admits: gate.admits, admitted: gate.admitted)
    }
}
