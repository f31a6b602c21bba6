import Testing

@testable import Similarity

@Suite struct SimilarityBenchmarkTests {
    @Test("Times come from the clock that is handed in")
    func clock() throws {
        var ticks = 0
        let benchmark = SimilarityBenchmark(vectors: 50, dimension: 8, queries: 4, seed: 1) {
            ticks += 1
            return .milliseconds(ticks * ticks)
        }
        let result = try benchmark.run()
        // Readings 1 and 2 bracket the first vector, 3 and 4 the second … 101 and 102 the first query.
        #expect(result.buildTime == .milliseconds((0..<50).reduce(0) { $0 + 4 * $1 + 3 }))
        #expect(result.times == (50..<54).map { .milliseconds(4 * $0 + 3) })
        #expect(result.newVectorTimes.first == .milliseconds(4 * 54 + 3))
        #expect((result.vectors, result.dimension) == (50, 8))
        #expect(result.recall == nil)
    }

    @Test("Recall counts what was found of the true best")
    func recall() throws {
        let result = try SimilarityBenchmark(
            vectors: 300, dimension: 33, queries: 4, compared: 9, seed: 1, now: { .zero }
        ).run()
        #expect(result.recall == 1)
        #expect(result.answers.map(\.count) == [20, 20, 20, 20])
        let few = try SimilarityBenchmark(
            dimension: 2, vectors: 3, queries: 1, compared: 1, vector: { [Float($0), 1] },
            query: { $0 == 0 ? [1, 0] : [] },
            now: { .zero }
        ).run()
        #expect(few.answers == [[2, 1, 0]])
        #expect(few.recall == 1)
    }

    @Test("Made-up vectors have unit length, and follow seed and number")
    func vectors() {
        let (one, other) = (MadeUpVectors(dimension: 126, seed: 1), MadeUpVectors(dimension: 126, seed: 2))
        #expect(abs(one[5].reduce(0) { $0 + $1 * $1 } - 1) < 1e-5)
        #expect(one[5] == one[5])
        #expect(Set([one[5], one[6], one[-1], other[5]]).count == 4)
        let mean = (0..<200).reduce(Float(0)) { $0 + one[$1].reduce(0, +) } / 200
        #expect(abs(mean) < 0.3)
    }
}
