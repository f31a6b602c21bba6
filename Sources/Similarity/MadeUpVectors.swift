import Domain

/// Random directions that need not be kept: each is made again from its number.
package struct MadeUpVectors: Sendable {
    package let dimension: Int
    package let seed: UInt64

    package init(dimension: Int, seed: UInt64) {
        self.dimension = dimension
        self.seed = seed
    }

    package subscript(_ number: Int) -> [Float] {
        var scramble = SplitMix64(seed: seed)
        var random = SplitMix64(seed: scramble.next() ^ UInt64(bitPattern: Int64(number)))
        return SimilarityBenchmark.unitVector(dimension, &random)
    }
}
