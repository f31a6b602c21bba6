import Domain
import Testing

@testable import Similarity

@Suite struct AcousticV1Tests {
    private static func features(seed: UInt64, spread: Double = 1) -> [Float] {
        var random = SplitMix64(seed: seed)
        return zip(AcousticV1Constants.means, AcousticV1Constants.deviations).map { mean, deviation in
            Float(mean + deviation * spread * Double.random(in: -2...2, using: &random))
        }
    }

    private static func cosine(_ a: Embedding, _ b: Embedding) -> Float {
        zip(a.vector, b.vector).reduce(0) { $0 + $1.0 * $1.1 }
    }

    @Test("There is one usable constant for each feature")
    func constants() {
        #expect(AcousticV1.dimension == 126)
        #expect(AcousticV1Constants.means.count == 126)
        #expect(AcousticV1Constants.deviations.count == 126)
        #expect(AcousticV1Constants.means.allSatisfy { abs($0) < 100 })
        #expect(AcousticV1Constants.deviations.allSatisfy { $0 > 1e-5 && $0 < 100 })
    }

    @Test("An embedding has unit length and the model's name", arguments: [0.1, 1, 1e6])
    func unitLength(spread: Double) throws {
        let embedding = try #require(AcousticV1.embed(Self.features(seed: 1, spread: spread)))
        #expect(embedding.model == "acoustic-v1")
        #expect(abs(Self.cosine(embedding, embedding) - 1) < 1e-5)
    }

    @Test("One wild feature cannot outweigh the others")
    func clipping() throws {
        let plain = Self.features(seed: 2)
        var wild = plain
        wild[5] = 9e8
        let (a, b) = try (#require(AcousticV1.embed(plain)), #require(AcousticV1.embed(wild)))
        #expect(Self.cosine(a, b) > 0.8)
    }

    @Test("Nearby features give nearby vectors, others do not")
    func closeness() throws {
        let first = Self.features(seed: 3)
        let near = zip(first, AcousticV1Constants.deviations).map { $0 + Float($1) * 0.05 }
        let (a, b, c) = try (
            #require(AcousticV1.embed(first)), #require(AcousticV1.embed(near)),
            #require(AcousticV1.embed(Self.features(seed: 4)))
        )
        #expect(Self.cosine(a, b) > 0.98)
        #expect(Self.cosine(a, c) < 0.6)
    }

    @Test("A wrong length, a NaN and features without any deviation are refused")
    func refusals() {
        #expect(AcousticV1.embed([]) == nil)
        #expect(AcousticV1.embed(Array(repeating: 0, count: 125)) == nil)
        var features = Self.features(seed: 5)
        features[0] = .nan
        #expect(AcousticV1.embed(features) == nil)
    }
}
