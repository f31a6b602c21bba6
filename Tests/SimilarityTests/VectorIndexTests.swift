import Testing

@testable import Similarity

@Suite struct VectorIndexTests {
    private static func fill(_ count: Int, dimension: Int, seed: UInt64) throws -> (VectorIndex, [Int64: [Float]]) {
        var random = SplitMix64(seed: seed)
        var index = VectorIndex(dimension: dimension)
        var vectors: [Int64: [Float]] = [:]
        for id in 1...Int64(count) {
            let vector = SimilarityBenchmark.unitVector(dimension, &random)
            try index.upsert(id, vector)
            vectors[id] = vector
        }
        return (index, vectors)
    }

    /// The same order of sums as the index, one vector after the other, everything sorted.
    private static func bruteForce(
        _ vectors: [Int64: [Float]], _ query: [Float], _ limit: Int, excluding: Set<Int64> = []
    ) -> [VectorIndex.Neighbour] {
        let width = (query.count + 15) / 16 * 16
        let pad = { (v: [Float]) in v + [Float](repeating: 0, count: width - v.count) }
        let scored = vectors.filter { !excluding.contains($0.key) }.map { id, vector in
            (id: id, score: DotProduct.dot(pad(query), pad(vector), width))
        }
        return Array(scored.sorted { $0.score > $1.score || ($0.score == $1.score && $0.id < $1.id) }.prefix(limit))
    }

    @Test(
        "Answers equal those of a full scan, to the last bit and in the same order",
        arguments: [(126, 3000), (1, 50), (16, 500), (17, 500), (512, 300)])
    func equalsBruteForce(dimension: Int, count: Int) throws {
        let (index, vectors) = try Self.fill(count, dimension: dimension, seed: UInt64(dimension))
        var random = SplitMix64(seed: 99)
        for limit in [1, 10, 100] {
            let query = SimilarityBenchmark.unitVector(dimension, &random)
            let found = try index.nearest(to: query, limit: limit) { $0 != 3 && $0 != 7 }
            let expected = Self.bruteForce(vectors, query, limit, excluding: [3, 7])
            #expect(found.map(\.id) == expected.map(\.id))
            #expect(found.map(\.score) == expected.map(\.score))
        }
    }

    @Test("Near twins are told apart although their codes are the same")
    func nearTwins() throws {
        var random = SplitMix64(seed: 5)
        var index = VectorIndex(dimension: 126)
        var vectors: [Int64: [Float]] = [:]
        let base = SimilarityBenchmark.unitVector(126, &random)
        for id in Int64(1)...400 {
            vectors[id] = base.map { $0 + Float.random(in: -1e-4...1e-4, using: &random) }
            try index.upsert(id, #require(vectors[id]))
        }
        let found = try index.nearest(to: base, limit: 25)
        #expect(found.map(\.id) == Self.bruteForce(vectors, base, 25).map(\.id))
    }

    @Test("Random adding, replacing and removing leaves what a dictionary would hold")
    func churn() throws {
        var random = SplitMix64(seed: 11)
        var index = VectorIndex(dimension: 20)
        var vectors: [Int64: [Float]] = [:]
        for step in 0..<3000 {
            let id = Int64.random(in: 1...200, using: &random)
            if Int.random(in: 0..<3, using: &random) == 0 {
                let removed = index.remove(id)
                #expect(removed == (vectors.removeValue(forKey: id) != nil))
            } else {
                let vector = SimilarityBenchmark.unitVector(20, &random)
                vectors[id] = vector
                try index.upsert(id, vector)
            }
            guard step % 500 == 499 else { continue }
            let query = SimilarityBenchmark.unitVector(20, &random)
            #expect(index.count == vectors.count)
            #expect(
                try index.nearest(to: query, limit: 1000).map(\.id)
                    == Self.bruteForce(vectors, query, 1000).map(\.id))
        }
    }

    @Test("Equal scores come in ascending order of id, whatever the order of adding")
    func ties() throws {
        var index = VectorIndex(dimension: 4)
        for id in [9, 2, 7, 4] as [Int64] { try index.upsert(id, [1, 0, 0, 0]) }
        #expect(try index.nearest(to: [1, 0, 0, 0], limit: 3).map(\.id) == [2, 4, 7])
    }

    @Test("A removed vector's slot is used again and its id is never answered")
    func slotReuse() throws {
        var index = VectorIndex(dimension: 2)
        try index.upsert(1, [1, 0])
        let removals = [index.remove(1), index.remove(1)]
        #expect(removals == [true, false])
        #expect(try index.nearest(to: [1, 0], limit: 5).isEmpty)
        try index.upsert(2, [0, 1])
        #expect(index.vector(2) == [0, 1])
        #expect(index.vector(1) == nil)
        #expect(try index.nearest(to: [1, 0], limit: 5).map(\.id) == [2])
    }

    @Test("What a filter does not admit is in no answer, and makes room for what it does")
    func filtered() throws {
        let (index, vectors) = try Self.fill(2000, dimension: 30, seed: 8)
        var random = SplitMix64(seed: 9)
        for rarity in [2, 50, 1000, 5000] as [Int64] {
            let query = SimilarityBenchmark.unitVector(30, &random)
            let found = try index.nearest(to: query, limit: 10) { $0 % rarity == 0 }
            #expect(found.map(\.id) == Self.bruteForce(vectors.filter { $0.key % rarity == 0 }, query, 10).map(\.id))
        }
    }

    @Test("A copy does not see later changes")
    func valueSemantics() throws {
        var index = VectorIndex(dimension: 2)
        try index.upsert(1, [1, 0])
        let copy = index
        try index.upsert(2, [1, 0])
        #expect(copy.count == 1)
        #expect(index.count == 2)
    }

    @Test("A wrong dimension is refused with both numbers, in vectors and in queries")
    func wrongDimension() {
        var index = VectorIndex(dimension: 3)
        #expect(throws: VectorIndexError.wrongDimension(expected: 3, actual: 2)) { try index.upsert(1, [1, 0]) }
        #expect(throws: VectorIndexError.wrongDimension(expected: 3, actual: 4)) {
            _ = try index.nearest(to: [1, 0, 0, 0], limit: 1)
        }
        let text = VectorIndexError.wrongDimension(expected: 3, actual: 2).description
        #expect(text.contains("3") && text.contains("2"))
    }

    @Test("NaN, infinity and absurd numbers are refused", arguments: [Float.nan, .infinity, -.infinity, 1e30])
    func notFinite(value: Float) {
        var index = VectorIndex(dimension: 2)
        #expect(throws: VectorIndexError.notFinite) { try index.upsert(1, [1, value]) }
        #expect(throws: VectorIndexError.notFinite) { _ = try index.nearest(to: [value, 0], limit: 1) }
        #expect(index.count == 0)
    }

    @Test("Odd limits, zero vectors and tiny vectors end in plain answers")
    func edges() throws {
        var index = VectorIndex(dimension: 2)
        #expect(try index.nearest(to: [1, 0], limit: 5).isEmpty)
        try index.upsert(1, [0, 0])
        try index.upsert(2, [Float.leastNonzeroMagnitude, 0])
        try index.upsert(.min, [-1, 0])
        #expect(try index.nearest(to: [1, 0], limit: 0).isEmpty)
        #expect(try index.nearest(to: [1, 0], limit: -1).isEmpty)
        #expect(try index.nearest(to: [1, 0], limit: .max).map(\.id) == [2, 1, .min])
        #expect(try index.nearest(to: [0, 0], limit: 3).map(\.id) == [.min, 1, 2])
    }
}
