import Domain

/// Times the index: what `sillon bench similar` shows.
package struct SimilarityBenchmark {
    package struct Result: Sendable {
        package let vectors: Int
        package let dimension: Int
        package let buildTime: Duration
        /// One for each query, in their order.
        package let times: [Duration]
        /// From a vector that arrives while a search goes on to an index that has it.
        package let newVectorTimes: [Duration]
        /// The part of the true best that were found, 0…1; nil when it was not looked at.
        package let recall: Double?
        /// Ids of the vectors found by each query, best first.
        package let answers: [[Int64]]
    }

    package let dimension: Int
    package let vectors: Int
    package let queries: Int
    /// Queries whose answers are compared with those of an exact search.
    package let compared: Int
    /// The vector of a number; asked for again where it is needed again, so that what is measured is the index alone.
    package let vector: (Int) -> [Float]
    package let query: (Int) -> [Float]
    /// Time since any fixed moment.
    package let now: () -> Duration

    /// Neighbours that are searched for.
    package static let limit = 20
    private static let newVectors = 100

    package init(
        dimension: Int, vectors: Int, queries: Int, compared: Int, vector: @escaping (Int) -> [Float],
        query: @escaping (Int) -> [Float], now: @escaping () -> Duration
    ) {
        self.dimension = dimension
        self.vectors = vectors
        self.queries = queries
        self.compared = min(compared, queries)
        self.vector = vector
        self.query = query
        self.now = now
    }

    /// Over random directions.
    package init(
        vectors: Int, dimension: Int = AcousticV1.dimension, queries: Int, compared: Int = 0, seed: UInt64,
        now: @escaping () -> Duration
    ) {
        let made = MadeUpVectors(dimension: dimension, seed: seed)
        self.init(
            dimension: dimension, vectors: vectors, queries: queries, compared: compared,
            vector: { made[$0] }, query: { made[-1 - $0] }, now: now)
    }

    package func run() throws(VectorIndexError) -> Result {
        var index = VectorIndex(dimension: dimension)
        var buildTime = Duration.zero
        for number in 0..<vectors {
            let vector = vector(number)
            let start = now()
            try index.upsert(Int64(number), vector)
            buildTime += now() - start
        }
        var (times, answers): ([Duration], [[Int64]]) = ([], [])
        for number in 0..<queries {
            let query = query(number)
            let start = now()
            let found = try index.nearest(to: query, limit: Self.limit)
            times.append(now() - start)
            answers.append(found.map(\.id))
        }
        return Result(
            vectors: vectors, dimension: dimension, buildTime: buildTime, times: times,
            newVectorTimes: try timesOfNewVectors(&index), recall: recall(of: answers), answers: answers)
    }

    /// A snapshot lives on meanwhile, as that of a search does, so that a block has to be copied.
    private func timesOfNewVectors(_ index: inout VectorIndex) throws(VectorIndexError) -> [Duration] {
        var times: [Duration] = []
        for number in 0..<(queries > 0 ? Self.newVectors : 0) {
            let snapshot = index
            let vector = query(number % queries)
            let start = now()
            try index.upsert(Int64(vectors + number), vector)
            times.append(now() - start)
            withExtendedLifetime(snapshot) {}
        }
        return times
    }

    /// The part of the true best in these answers, the first of which are compared.
    package func recall(of answers: [[Int64]]) -> Double? {
        let compared = min(compared, answers.count)
        guard compared > 0, vectors > 0 else { return nil }
        let queries = (0..<compared).map(query)
        var best = queries.map { _ in BestNeighbours(limit: Self.limit) }
        for number in 0..<vectors {
            let vector = vector(number)
            for place in queries.indices { best[place].offer(Int64(number), Self.dot(queries[place], vector)) }
        }
        let right = zip(answers, best).reduce(0) { sum, pair in
            sum + Set(pair.0).intersection(pair.1.sorted().map(\.id)).count
        }
        return Double(right) / Double(compared * min(Self.limit, vectors))
    }

    /// In double precision.
    private static func dot(_ a: [Float], _ b: [Float]) -> Float {
        var (even, odd): (Double, Double) = (0, 0)
        for place in stride(from: 0, to: a.count - 1, by: 2) {
            even += Double(a[place]) * Double(b[place])
            odd += Double(a[place + 1]) * Double(b[place + 1])
        }
        if !a.count.isMultiple(of: 2) { even += Double(a[a.count - 1]) * Double(b[a.count - 1]) }
        return Float(even + odd)
    }

    /// A random direction; components are sums of four uniform numbers, near enough to normal.
    static func unitVector(_ dimension: Int, _ random: inout SplitMix64) -> [Float] {
        let vector = (0..<dimension).map { _ in
            // Sixteen bits each, from one draw.
            let bits = random.next()
            let sum = bits & 0xffff &+ (bits >> 16) & 0xffff &+ (bits >> 32) & 0xffff &+ bits >> 48
            return Float(sum) - 2 * 65_535
        }
        let length = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
        return vector.map { $0 / max(length, 1) }
    }
}
