import Similarity
import Testing

@testable import UseCases

struct RecallProbeTests {
    /// Points on a circle; its answers leave out every id that it is told to forget.
    private struct Circle: NearestVectors {
        let model = "circle"
        let count: Int
        var forgets: @Sendable (Int64) -> Bool = { _ in false }

        var dimension: Int { get async throws { 2 } }
        var held: Int? { count }
        func prepare() {}
        func catchUp(until last: Int64) {}
        func keepUp() {}

        func vectors(of ids: [Int64]) -> [Int64: [Float]] {
            ids.filter { (0..<Int64(count)).contains($0) }.reduce(into: [:]) { found, id in
                let angle = Double(id) / Double(count) * 2 * .pi
                found[id] = [Float(cosine(angle)), Float(cosine(angle - .pi / 2))]
            }
        }

        func nearest(to point: [Float], limit: Int, passing gate: VectorGate) -> [Neighbour] {
            let all = vectors(of: gate.admitted().filter { !forgets($0) })
            let scored = all.map { (id: $0.key, score: point[0] * $0.value[0] + point[1] * $0.value[1]) }
            return Array(scored.sorted { ($0.score, $1.id) > ($1.score, $0.id) }.prefix(limit))
        }

        private func cosine(_ angle: Double) -> Double {
            // A series, so that nothing else is imported.
            var (sum, term) = (1.0, 1.0)
            for step in stride(from: 1.0, through: 41, by: 2) {
                term *= -angle * angle / (step * (step + 1))
                sum += term
            }
            return sum
        }
    }

    private let ids = (0..<200).map(Int64.init)

    @Test("An index that finds all has a recall of 1")
    func whole() async throws {
        let recall = try await RecallProbe(vectors: Circle(count: 200)).run(over: ids, asking: [0, 50, 120])
        #expect(recall == 1)
    }

    @Test("An index that overlooks half of the vectors has about half the recall")
    func half() async throws {
        let circle = Circle(count: 200, forgets: { !$0.isMultiple(of: 2) })
        let recall = try #require(try await RecallProbe(vectors: circle).run(over: ids, asking: [0, 50, 120]))
        #expect(recall > 0.3 && recall < 0.7, "\(recall)")
    }

    @Test("Without vectors there is nothing to tell")
    func empty() async throws {
        #expect(try await RecallProbe(vectors: Circle(count: 0)).run(over: [], asking: []) == nil)
        #expect(try await RecallProbe(vectors: Circle(count: 0)).run(over: [7], asking: [7]) == nil)
    }
}
