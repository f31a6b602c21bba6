/// Times the index on made-up vectors: what `sillon bench similar` shows.
package struct SimilarityBenchmark: Sendable {
    package struct Result: Sendable, Equatable {
        package let vectors: Int
        package let dimension: Int
        package let queries: Int
        package let buildTime: Duration
        package let median: Duration
        /// 95 of 100 queries are at most this slow.
        package let percentile95: Duration
        package let slowest: Duration
    }

    private static let limit = 20

    /// - Parameters:
    ///   - queries: At least one is run.
    ///   - now: Time since any fixed moment.
    package static func run(
        vectors: Int, dimension: Int = AcousticV1.dimension, queries: Int, seed: UInt64, now: () -> Duration
    ) throws(VectorIndexError) -> Result {
        var random = SplitMix64(seed: seed)
        var index = VectorIndex(dimension: dimension)
        index.reserveCapacity(vectors)
        let start = now()
        for id in 0..<max(1, vectors) { try index.upsert(Int64(id), unitVector(dimension, &random)) }
        let built = now()
        var times: [Duration] = []
        for _ in 0..<max(1, queries) {
            let query = unitVector(dimension, &random)
            let before = now()
            _ = try index.nearest(to: query, limit: limit)
            times.append(now() - before)
        }
        times.sort()
        return Result(
            vectors: index.count, dimension: dimension, queries: times.count, buildTime: built - start,
            median: times[times.count / 2], percentile95: times[(times.count - 1) * 95 / 100],
            slowest: times[times.count - 1])
    }

    /// A random direction; components are sums of four uniform numbers, near enough to normal.
    static func unitVector(_ dimension: Int, _ random: inout SplitMix64) -> [Float] {
        let vector = (0..<dimension).map { _ in
            (0..<4).reduce(Float(0)) { sum, _ in sum + Float.random(in: -1...1, using: &random) }
        }
        let length = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
        return vector.map { $0 / max(length, 1e-9) }
    }
}
