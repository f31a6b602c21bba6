import Domain

/// The directions in which points lie widest: principal component analysis.
///
/// Orthogonal iteration with more vectors than are wanted, and a Rayleigh-Ritz step now and then (Golub and Van Loan,
/// Matrix Computations, 8.2.4 and 8.3): a few products with the matrix, however many dimensions it has.
enum PrincipalAxes {
    struct Found {
        /// Orthonormal, the widest first.
        let axes: [[Double]]
        /// Along each axis.
        let variances: [Double]
    }

    /// Vectors beside the wanted ones, which make the iteration fast where several directions are equally wide.
    private static let guards = 8
    private static let stepsPerRound = 8
    private static let maxRounds = 60
    /// Of a variance, relative to the largest one.
    private static let precision = 1e-10
    private static let seed: UInt64 = 0x5111_0e5e_ed00_0001

    /// - Parameter count: At most the size of the matrix.
    static func find(_ count: Int, of covariance: SymmetricMatrix) -> Found {
        var generator = SplitMix64(seed: seed)
        var vectors = (0..<min(covariance.size, count + guards)).map { _ in
            (0..<covariance.size).map { _ in Double.random(in: -1...1, using: &generator) }
        }
        orthonormalise(&vectors)
        // Points that do not differ at all have axes too.
        let ridge = covariance.trace * 1e-12 + 1e-30
        var variances = [Double](repeating: 0, count: count)
        for _ in 0..<maxRounds {
            for _ in 0..<stepsPerRound {
                vectors = vectors.map { vector in
                    zip(covariance.times(vector), vector).map { $0 + ridge * $1 }
                }
                orthonormalise(&vectors)
            }
            let pairs = covariance.projected(on: vectors).eigenpairs()
            vectors = pairs.map { pair in combine(vectors, by: pair.vector) }
            let found = pairs.prefix(count).map { max(0, $0.value) }
            let change = zip(found, variances).map { abs($0 - $1) }.max() ?? 0
            variances = found
            if change <= precision * (found.first ?? 0) { break }
        }
        return Found(axes: vectors.prefix(count).map(pointed), variances: variances)
    }

    /// Gram and Schmidt, twice: once leaves rests where vectors are nearly parallel.
    private static func orthonormalise(_ vectors: inout [[Double]]) {
        for index in vectors.indices {
            for _ in 0..<2 {
                for before in 0..<index {
                    let part = dot(vectors[index], vectors[before])
                    for place in vectors[index].indices { vectors[index][place] -= part * vectors[before][place] }
                }
                let length = dot(vectors[index], vectors[index]).squareRoot()
                if length > 0 { vectors[index] = vectors[index].map { $0 / length } }
            }
        }
    }

    private static func combine(_ vectors: [[Double]], by weights: [Double]) -> [Double] {
        var sum = [Double](repeating: 0, count: vectors[0].count)
        for (vector, weight) in zip(vectors, weights) {
            for index in sum.indices { sum[index] += weight * vector[index] }
        }
        return sum
    }

    /// An axis and its opposite are the same: the largest component is positive.
    private static func pointed(_ axis: [Double]) -> [Double] {
        let largest = axis.max { abs($0) < abs($1) } ?? 0
        return largest < 0 ? axis.map { -$0 } : axis
    }
}
