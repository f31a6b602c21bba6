import Domain

/// How the models for words are, and what is to be made anew.
package protocol TextModelDesk: Sendable {
    func models() async throws -> [TextModelStatus]
    /// Deletes vectors, cached ones too, of every model or space whose name matches, `acoustic-v1` among them.
    func invalidate(matching pattern: NamePattern) async throws -> Invalidation
}

package struct TextModelStatus: Sendable {
    package let name: String
    package let health: ModelHealth
    /// Seconds until it is asked again.
    package let pauseSeconds: Double
    package let cache: CacheCounts
    package let sharedCache: CacheCounts?
    /// The current one first.
    package let spaces: [StoredSpace]

    package init(
        name: String, health: ModelHealth, pauseSeconds: Double, cache: CacheCounts,
        sharedCache: CacheCounts? = nil, spaces: [StoredSpace]
    ) {
        self.name = name
        self.health = health
        self.pauseSeconds = pauseSeconds
        self.cache = cache
        self.sharedCache = sharedCache
        self.spaces = spaces
    }
}

package struct Invalidation: Hashable, Sendable {
    /// Vectors in the database.
    package let deleted: Int
    /// Vectors in memory and in the shared cache.
    package let forgotten: Int

    package init(deleted: Int, forgotten: Int) {
        self.deleted = deleted
        self.forgotten = forgotten
    }
}

package struct TextModels: TextModelDesk {
    private let configured: [any TextEmbeddingModel]
    private let store: any TextVectorStore
    private let backfill: TextBackfill

    package init(models: [any TextEmbeddingModel], store: any TextVectorStore, backfill: TextBackfill) {
        configured = models
        self.store = store
        self.backfill = backfill
    }

    /// Those that are configured, in their order; then those of which only vectors are left.
    package func models() async throws -> [TextModelStatus] {
        let spaces = Dictionary(grouping: try await store.spaces(), by: \.space.model)
        let known = configured.map { model in
            TextModelStatus(
                name: model.name, health: model.health, pauseSeconds: model.pauseSeconds, cache: model.cache,
                sharedCache: model.sharedCache, spaces: spaces[model.name] ?? [])
        }
        let names = Set(configured.map(\.name))
        let left = spaces.keys.filter { !names.contains($0) }.sorted().map { name in
            TextModelStatus(
                name: name, health: ModelHealth(state: .unknown, detail: "it is not configured any more"),
                pauseSeconds: 0, cache: CacheCounts(), spaces: spaces[name] ?? [])
        }
        return known + left
    }

    package func invalidate(matching pattern: NamePattern) async throws -> Invalidation {
        // Also when it breaks off in the middle: some are gone then.
        defer { backfill.restart() }
        // Before and after: what is computed meanwhile may lie in a cache.
        var forgotten = await forget(pattern)
        let deleted = try await store.invalidate(matching: pattern)
        forgotten += await forget(pattern)
        return Invalidation(deleted: deleted, forgotten: forgotten)
    }

    private func forget(_ pattern: NamePattern) async -> Int {
        var count = 0
        for model in configured { count += await model.forget(matching: pattern) }
        return count
    }
}
