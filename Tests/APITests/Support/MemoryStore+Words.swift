import Domain
import UseCases

extension MemoryStore: SemanticFinder, TextModelDesk {
    static let space = EmbeddingSpace(model: "ollama:words", digest: "0123456789abcdef", dimension: 3)

    func search(_ words: String, model: String?, limit: Int) async throws -> SemanticAnswer {
        try perform { state in
            if let problem = state.semanticProblem { throw problem }
            let hits = state.tracks.prefix(limit).map { SemanticAnswer.Hit(track: $0, score: 0.25) }
            return SemanticAnswer(space: Self.space, compared: state.tracks.count, hits: hits)
        }
    }

    func models() async throws -> [TextModelStatus] {
        var cache = CacheCounts()
        (cache.entries, cache.hits, cache.misses, cache.evictions) = (1, 2, 3, 4)
        return try perform { _ in
            [
                TextModelStatus(
                    name: "ollama:words", health: ModelHealth(state: .away, detail: "it does not answer"),
                    pauseSeconds: 2.5, cache: cache,
                    spaces: [StoredSpace(space: Self.space, currentSince: Self.now, vectors: 5)])
            ]
        }
    }

    func invalidate(matching pattern: NamePattern) async throws -> Invalidation {
        try perform { state in
            state.actors.append(pattern.text)
            return Invalidation(deleted: 3, forgotten: 1)
        }
    }
}
