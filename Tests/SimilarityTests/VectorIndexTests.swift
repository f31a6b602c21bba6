import Domain
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

    /// What is stored, scored one by one, without bounds, and sorted.
    private static func bruteForce(
        _ index: VectorIndex, _ ids: some Sequence<Int64>, _ query: [Float], _ limit: Int
    ) throws -> [VectorIndex.Neighbour] {
        let scored = try ids.map { id in
            (id: id, score: try index.nearest(to: query, limit: 1, among: [id]).first?.score ?? .nan)
        }
        return Array(scored.sorted { $0.score > $1.score || ($0.score == $1.score && $0.id < $1.id) }.prefix(limit))
    }

    private static func exact(_ a: [Float], _ b: [Float]) -> Double {
        zip(a, b).reduce(0) { $0 + Double($1.0) * Double($1.1) }
    }

    @Test(
        "Answers equal those of a full scan over what is stored, to the last bit and in the same order",
        arguments: [(126, 5000), (1, 50), (16, 500), (17, 500), (64, 4096), (96, 700), (512, 300)])
    func equalsBruteForce(dimension: Int, count: Int) throws {
        let (index, vectors) = try Self.fill(count, dimension: dimension, seed: UInt64(dimension))
        var random = SplitMix64(seed: 99)
        for limit in [1, 10, 100] {
            let query = SimilarityBenchmark.unitVector(dimension, &random)
            let found = try index.nearest(to: query, limit: limit) { $0 != 3 && $0 != 7 }
            let expected = try Self.bruteForce(index, vectors.keys.filter { $0 != 3 && $0 != 7 }, query, limit)
            #expect(found.map(\.id) == expected.map(\.id))
            #expect(found.map(\.score) == expected.map(\.score))
        }
    }

    @Test("Scores are those of the true vectors, to a step of 13 bits", arguments: [3, 64, 126, 300])
    func scores(dimension: Int) throws {
        let (index, vectors) = try Self.fill(400, dimension: dimension, seed: 21)
        var random = SplitMix64(seed: 22)
        let query = SimilarityBenchmark.unitVector(dimension, &random)
        for (id, score) in try index.nearest(to: query, limit: 400) {
            let vector = try #require(vectors[id])
            #expect(abs(Double(score) - Self.exact(query, vector)) < 3e-4)
            let largest = vector.reduce(0) { max($0, abs($1)) }
            let stored = try #require(index.vector(id))
            #expect(zip(stored, vector).allSatisfy { abs($0 - $1) <= largest / 4064 })
        }
    }

    @Test("A vector of unit length scores 1 against itself", arguments: [3, 64, 126])
    func itself(dimension: Int) throws {
        let (index, _) = try Self.fill(50, dimension: dimension, seed: 4)
        for id in Int64(1)...50 {
            let vector = try #require(index.vector(id))
            let best = try #require(try index.nearest(to: vector, limit: 1).first)
            #expect(best.id == id && abs(best.score - 1) < 1e-5)
        }
    }

    @Test("At least 999 of 1000 of the best 20 are those of an exact search", arguments: [64, 126])
    func recall(dimension: Int) throws {
        let (index, vectors) = try Self.fill(1000, dimension: dimension, seed: 31)
        var random = SplitMix64(seed: 32)
        var right = 0
        for _ in 0..<50 {
            let query = SimilarityBenchmark.unitVector(dimension, &random)
            let exact = vectors.map { (id: $0.key, score: Self.exact(query, $0.value)) }
            let best = Set(exact.sorted { $0.score > $1.score }.prefix(20).map(\.id))
            right += try index.nearest(to: query, limit: 20).count { best.contains($0.id) }
        }
        #expect(right >= 999)
    }

    @Test("Near twins are told apart although their upper bits are the same")
    func nearTwins() throws {
        var random = SplitMix64(seed: 5)
        var index = VectorIndex(dimension: 126)
        let base = SimilarityBenchmark.unitVector(126, &random)
        for id in Int64(1)...400 {
            try index.upsert(id, base.map { $0 + Float.random(in: -1e-3...1e-3, using: &random) })
        }
        let found = try index.nearest(to: base, limit: 25)
        #expect(found.map(\.id) == (try Self.bruteForce(index, 1...400, base, 25)).map(\.id))
        #expect(Set(found.map(\.score)).count > 20)
    }

    @Test("Random adding, replacing and removing leaves what a dictionary would hold", arguments: 0..<3)
    func churn(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        var index = VectorIndex(dimension: 20)
        var vectors: [Int64: [Float]] = [:]
        for step in 0..<3000 {
            let id = Int64.random(in: -600...600, using: &random)
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
            let found = try index.nearest(to: query, limit: 1000) { $0.isMultiple(of: 3) }
            let ids = vectors.keys.filter { $0.isMultiple(of: 3) }
            #expect(found.map(\.id) == (try Self.bruteForce(index, ids, query, 1000)).map(\.id))
            for (id, vector) in vectors { #expect(Self.exact(try #require(index.vector(id)), vector) > 0.999) }
        }
    }

    @Test("What a filter does not admit is in no answer, and makes room for what it does")
    func filtered() throws {
        let (index, vectors) = try Self.fill(5000, dimension: 30, seed: 8)
        var random = SplitMix64(seed: 9)
        for rarity in [2, 50, 800, 50_000] as [Int64] {
            let query = SimilarityBenchmark.unitVector(30, &random)
            let ids = vectors.keys.filter { $0 % rarity == 0 }
            let found = try index.nearest(to: query, limit: 10) { $0 % rarity == 0 }
            #expect(found.map(\.id) == (try Self.bruteForce(index, ids, query, 10)).map(\.id))
            #expect(try index.nearest(to: query, limit: 10, among: ids).map(\.id) == found.map(\.id))
        }
    }

    @Test("A filter is asked of few: only of vectors that could be among the best")
    func filterIsAskedOfFew() throws {
        let (index, _) = try Self.fill(5000, dimension: 126, seed: 8)
        var random = SplitMix64(seed: 9)
        var asked = 0
        _ = try index.nearest(to: SimilarityBenchmark.unitVector(126, &random), limit: 10) { _ in
            asked += 1
            return true
        }
        #expect((10..<1000).contains(asked))
    }

    @Test("Ids that are not there, or are named twice, change nothing in a search among some")
    func amongSome() throws {
        let (index, _) = try Self.fill(20, dimension: 4, seed: 1)
        let found = try index.nearest(to: [1, 0, 0, 0], limit: 9, among: [5, 99, 5, -1, 7])
        #expect(Set(found.map(\.id)) == [5, 7] && found.count == 2)
        #expect(try index.nearest(to: [1, 0, 0, 0], limit: 0, among: [5]).isEmpty)
    }

    @Test("Equal scores come in ascending order of id, whatever the order of adding")
    func ties() throws {
        var index = VectorIndex(dimension: 4)
        for id in [9, 2, 7, 4] as [Int64] { try index.upsert(id, [1, 0, 0, 0]) }
        #expect(try index.nearest(to: [1, 0, 0, 0], limit: 3).map(\.id) == [2, 4, 7])
    }

    @Test("A removed vector's place is used again and its id is never answered")
    func placeReuse() throws {
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

    @Test("A copy sees no later change, whichever of the two is changed")
    func valueSemantics() throws {
        let (original, vectors) = try Self.fill(5000, dimension: 8, seed: 3)
        var (left, right) = (original, original)
        try left.upsert(7, [1, 0, 0, 0, 0, 0, 0, 0])
        left.remove(8)
        try right.upsert(9000, [0, 1, 0, 0, 0, 0, 0, 0])
        #expect((original.count, left.count, right.count) == (5000, 4999, 5001))
        #expect(original.contains(8) && right.contains(8) && !left.contains(8) && !left.contains(9000))
        for index in [original, right] {
            #expect(Self.exact(try #require(index.vector(7)), try #require(vectors[7])) > 0.999)
        }
        #expect(left.vector(7) == [1, 0, 0, 0, 0, 0, 0, 0])
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
        #expect(throws: VectorIndexError.notFinite) { _ = try index.nearest(to: [value, 0], limit: 1, among: [1]) }
        #expect(index.count == 0)
    }

    @Test("Odd limits, zero vectors and vectors that are next to nothing end in plain answers")
    func edges() throws {
        var index = VectorIndex(dimension: 2)
        #expect(try index.nearest(to: [1, 0], limit: 5).isEmpty)
        try index.upsert(1, [0, 0])
        try index.upsert(2, [Float.leastNonzeroMagnitude, 0])
        try index.upsert(.min, [-1, 0])
        try index.upsert(.max, [1e6, 0])
        #expect(try index.nearest(to: [1, 0], limit: 0).isEmpty)
        #expect(try index.nearest(to: [1, 0], limit: -1).isEmpty)
        #expect(try index.nearest(to: [1, 0], limit: .max).map(\.id) == [.max, 1, 2, .min])
        #expect(try index.nearest(to: [0, 0], limit: 4).map(\.id) == [.min, 1, 2, .max])
    }
}
