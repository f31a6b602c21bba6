import Similarity

/// The vectors of one model, in step with the database: what lies nearest to a point.
package protocol NearestVectors: Sendable {
    typealias Neighbour = (id: Int64, score: Float)

    var model: String { get }
    /// The length of the vectors.
    var dimension: Int { get async throws }

    /// Called once, before anything else. Throws what somebody has to change before there can be answers.
    func prepare() async throws

    /// Returns when everything up to that change, which was committed, is in the answers.
    ///
    /// Throws `SimilarityProblem.away` while there is so much to read that nobody should wait for it.
    func catchUp(until last: Int64) async throws

    /// Called at start and again and again while nobody asks: reads all that was committed, however long it takes, and
    /// does what else is to be done so that answers are quick.
    func keepUp() async throws

    /// The largest dot products with a unit vector, best first, equal ones in ascending order of id. Fewer than `limit`
    /// only when no more pass the gate.
    func nearest(to point: [Float], limit: Int, passing gate: VectorGate) async throws -> [Neighbour]

    /// Ids without a vector are left out.
    func vectors(of ids: [Int64]) async throws -> [Int64: [Float]]

    /// For who looks at all of them: those of `ids` at least.
    func all(of ids: [Int64]) async throws -> VectorIndex

    /// Vectors in this process's memory; nil where they are kept elsewhere.
    var held: Int? { get }
    /// Bytes that they take there.
    var heldBytes: Int? { get }
}

extension NearestVectors {
    package var heldBytes: Int? { nil }

    /// Read for it, where they are kept elsewhere.
    package func all(of ids: [Int64]) async throws -> VectorIndex {
        var index = VectorIndex(dimension: try await dimension)
        for start in stride(from: 0, to: ids.count, by: 5000) {
            let some = try await vectors(of: Array(ids[start..<min(start + 5000, ids.count)]))
            for (id, vector) in some.sorted(by: { $0.key < $1.key }) {
                try? index.upsert(id, vector)  // one that changed its length meanwhile has no place
            }
        }
        return index
    }
}

/// What may be in an answer: asked one by one while there are enough, and for all of them when they are few.
package struct VectorGate: Sendable {
    package let admits: @Sendable (Int64) -> Bool
    /// All that `admits` lets through.
    package let admitted: @Sendable () -> [Int64]

    package init(admits: @escaping @Sendable (Int64) -> Bool, admitted: @escaping @Sendable () -> [Int64]) {
        self.admits = admits
        self.admitted = admitted
    }
}
