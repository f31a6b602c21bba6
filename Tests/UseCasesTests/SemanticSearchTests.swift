import Domain
import Synchronization
import Testing
import UseCases

@Suite struct SemanticSearchTests {
    private let model = WordModel()
    private let store = TextShelf()

    private func search(_ models: [any TextEmbeddingModel]) -> SemanticSearch {
        SemanticSearch(models: models, store: store, tracks: TextShelf.tracks)
    }

    @Test("Tracks come nearest first, with a score from 0 to 1, and new ones are in the next answer")
    func nearest() async throws {
        store.put(1, "aaab", model)
        store.put(2, "zzz", model)
        let search = search([model])
        let first = try await search.search("aab", model: nil, limit: 10)
        #expect(first.hits.map(\.track.id) == [1, 2])
        #expect(first.compared == 2 && first.space.digest == "one")
        #expect(first.hits.allSatisfy { (0...1).contains($0.score) })
        store.put(3, "aab", model)
        let second = try await search.search("aab", model: nil, limit: 1)
        #expect(second.hits.map(\.track.id) == [3])
        #expect(abs((second.hits.first?.score ?? 0) - 1) < 1e-3)
        store.remove(3)
        #expect(try await search.search("aab", model: nil, limit: 1).hits.map(\.track.id) == [1])
    }

    @Test("Another version of the model is another index: the old vectors are in no answer")
    func newSpace() async throws {
        store.put(1, "a", model)
        let search = search([model])
        #expect(try await search.search("a", model: nil, limit: 10).hits.count == 1)
        model.state.withLock { $0.digest = "two" }
        let empty = try await search.search("a", model: nil, limit: 10)
        #expect(empty.hits.isEmpty && empty.compared == 0 && empty.space.digest == "two")
        store.put(2, "a", model, digest: "two")
        #expect(try await search.search("a", model: nil, limit: 10).hits.map(\.track.id) == [2])
    }

    @Test("Models stand side by side, each with its own vectors")
    func models() async throws {
        let other = WordModel("test:other")
        store.put(1, "a", model)
        store.put(2, "a", other)
        let search = search([model, other])
        #expect(try await search.search("a", model: nil, limit: 10).hits.map(\.track.id) == [1])
        #expect(try await search.search("a", model: "test:other", limit: 10).hits.map(\.track.id) == [2])
    }

    @Test("Why there is no answer is said, and whether waiting helps")
    func problems() async throws {
        await #expect(throws: SemanticProblem.noModel) {
            try await self.search([]).search("a", model: nil, limit: 1)
        }
        await #expect(throws: SemanticProblem.unknownModel("x", known: ["test:words"])) {
            try await self.search([self.model]).search("a", model: "x", limit: 1)
        }
        model.state.withLock { $0.failure = Failure(.serviceUnavailable, "away", retryAfterSeconds: 3) }
        await #expect(throws: SemanticProblem.away("away", seconds: 3)) {
            try await self.search([self.model]).search("a", model: nil, limit: 1)
        }
        model.state.withLock { $0.failure = Failure(.modelMissing, "pull it") }
        await #expect(throws: SemanticProblem.refused("pull it")) {
            try await self.search([self.model]).search("a", model: nil, limit: 1)
        }
    }
}
