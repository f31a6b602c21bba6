import Testing

@testable import Similarity

@Suite struct SimilarityBenchmarkTests {
    @Test("Times come from the clock that is handed in")
    func clock() throws {
        var ticks = 0
        let result = try SimilarityBenchmark.run(vectors: 50, dimension: 8, queries: 4, seed: 1) {
            ticks += 1
            return .milliseconds(ticks * ticks)
        }
        // Readings 1 and 2 bracket the building; then two for each query: 3 and 4, 5 and 6 …
        #expect(result.buildTime == .milliseconds(3))
        #expect(result.slowest == .milliseconds(19))
        #expect(result.median == .milliseconds(15))
        #expect((result.vectors, result.dimension, result.queries) == (50, 8, 4))
    }

    @Test("Made-up vectors have unit length and follow the seed")
    func vectors() {
        var (a, b, c) = (SplitMix64(seed: 1), SplitMix64(seed: 1), SplitMix64(seed: 2))
        let vector = SimilarityBenchmark.unitVector(126, &a)
        #expect(abs(vector.reduce(0) { $0 + $1 * $1 } - 1) < 1e-5)
        #expect(vector == SimilarityBenchmark.unitVector(126, &b))
        #expect(vector != SimilarityBenchmark.unitVector(126, &c))
    }
}
