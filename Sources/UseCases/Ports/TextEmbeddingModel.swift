import Domain

/// A model that turns words into points: near each other when they mean alike.
package protocol TextEmbeddingModel: Sendable {
    /// The service and its name of the model: `ollama:nomic-embed-text`.
    var name: String { get }

    /// Throws `Failure`, whose reason says whether waiting helps, or `CancellationError`.
    /// - Parameter limit: how long the service may take; nil for as long as a model may need to be loaded.
    func embed(_ text: String, as use: TextUse, within limit: Duration?) async throws -> TextEmbedding

    /// What the service says identifies the model's weights now; empty when it tells nothing. Throws as `embed`.
    func digest() async throws -> String

    /// Seconds until it makes sense to ask; 0 for now.
    var pauseSeconds: Double { get }

    var health: ModelHealth { get }
    var cache: CacheCounts { get }
    /// Of the cache that several processes share; nil where there is none.
    var sharedCache: CacheCounts? { get }

    /// Lets go of cached vectors when the name of the model, or of their space, matches; answers how many.
    func forget(matching pattern: NamePattern) async -> Int
}

extension TextEmbeddingModel {
    package var sharedCache: CacheCounts? { nil }
}

/// Some models want to be told what a text is for.
package enum TextUse: Hashable, Sendable {
    /// The description of something that may be found.
    case document
    /// What somebody looks for.
    case query
}

package struct ModelHealth: Hashable, Sendable {
    package enum State: String, CaseIterable, Sendable {
        /// Not asked yet.
        case unknown
        case ready
        /// Away, busy or broken: it is asked again.
        case away
        /// Somebody has to do something: the model is not there, or the service refuses.
        case refused
    }

    package var state: State
    /// Why, in one sentence.
    package var detail: String?
    /// Where its last vector belongs.
    package var space: EmbeddingSpace?

    package init(state: State, detail: String? = nil, space: EmbeddingSpace? = nil) {
        self.state = state
        self.detail = detail
        self.space = space
    }
}

/// What a cache did since the start of the process.
package struct CacheCounts: Hashable, Sendable {
    package var entries = 0
    package var hits = 0
    package var misses = 0
    /// Taken out to make room; those that were too old are not counted.
    package var evictions = 0

    package init() {}
}
