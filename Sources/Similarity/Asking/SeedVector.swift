/// Where in the space of sounds a question points.
package enum SeedVector {
    /// What is subtracted counts this much, unless a question says otherwise.
    package static let defaultMinusWeight: Float = 0.5
    /// A sum shorter than this points nowhere: what was added and subtracted cancel out.
    private static let leastLength: Float = 1e-3

    /// The mean of unit vectors, as a unit vector again. Nil when they cancel out, or there are none.
    package static func centroid(_ vectors: [[Float]]) -> [Float]? {
        guard let first = vectors.first else { return nil }
        var sum = [Float](repeating: 0, count: first.count)
        for vector in vectors { add(vector, times: 1 / Float(vectors.count), to: &sum) }
        return normalized(sum)
    }

    /// mean(plus) − weight · mean(minus), at unit length: Rocchio's feedback (1971; Manning, Raghavan and Schütze,
    /// Introduction to Information Retrieval, 9.1.1) with the seeds as the query. Nil when nothing is left.
    package static func combine(plus: [[Float]], minus: [[Float]], minusWeight: Float) -> [Float]? {
        guard let first = plus.first else { return nil }
        var sum = [Float](repeating: 0, count: first.count)
        for vector in plus { add(vector, times: 1 / Float(plus.count), to: &sum) }
        for vector in minus { add(vector, times: -minusWeight / Float(minus.count), to: &sum) }
        return normalized(sum)
    }

    static func normalized(_ vector: [Float]) -> [Float]? {
        let length = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
        guard length.isFinite, length > leastLength else { return nil }
        return vector.map { $0 / length }
    }

    private static func add(_ vector: [Float], times factor: Float, to sum: inout [Float]) {
        for index in sum.indices where index < vector.count { sum[index] += vector[index] * factor }
    }
}
