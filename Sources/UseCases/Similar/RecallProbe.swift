import Similarity
import Telemetry

/// How much of the truth an index finds: the nearest of some tracks are asked of it, and looked for among all vectors.
struct RecallProbe: Sendable {
    /// Tracks that are asked about; all of them in one pass over the vectors.
    static let questionsMax = 5
    /// Neighbours of each.
    static let depth = 10
    /// Vectors that are read at once.
    private static let step = 5000
    /// An index keeps scores right to 5e-5; what differs by less is the same.
    private static let tolerance: Float = 1e-4

    let vectors: any NearestVectors

    /// 0…1; nil where there is nothing to compare.
    ///
    /// - Parameters:
    ///   - ids: All that have a vector, or had one a moment ago.
    ///   - asked: Those of them that are asked about.
    func run(over ids: [Int64], asking asked: [Int64]) async throws -> Double? {
        let points = try await Array(vectors.vectors(of: asked).values)
        guard !points.isEmpty else { return nil }
        let truth = try await nearestScores(to: points, among: ids)
        var (wanted, found) = (0, 0)
        for (point, scores) in zip(points, truth) {
            guard let least = scores.last else { continue }
            let gate = VectorGate(admits: { _ in true }, admitted: { ids })
            let answer = try await vectors.nearest(to: point, limit: scores.count, passing: gate)
            wanted += scores.count
            found += answer.count { $0.score >= least - Self.tolerance }
        }
        return wanted == 0 ? nil : Double(min(found, wanted)) / Double(wanted)
    }

    /// The largest dot products with each point, largest first.
    private func nearestScores(to points: [[Float]], among ids: [Int64]) async throws -> [[Float]] {
        var best: [[Float]] = Array(repeating: [], count: points.count)
        for start in stride(from: 0, to: ids.count, by: Self.step) {
            let some = try await vectors.vectors(of: Array(ids[start..<min(start + Self.step, ids.count)])).values
            for (index, point) in points.enumerated() {
                let scores = best[index] + some.map { zip(point, $0).reduce(0) { $0 + $1.0 * $1.1 } }
                best[index] = Array(scores.sorted(by: >).prefix(Self.depth))
            }
        }
        return best
    }
}

extension SimilarTracks {
    /// Measures the recall and tells it; false while there is nothing to measure.
    package func tellRecall() async throws -> Bool {
        let ids = facts.table.ids
        let asked = Array(ids.shuffled().prefix(RecallProbe.questionsMax))
        guard let recall = try await RecallProbe(vectors: vectors).run(over: ids, asking: asked) else { return false }
        Metrics.similarity.recall.set(recall)
        return true
    }
}
