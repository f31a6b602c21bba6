import Domain
import Integrations
import Logging
import UseCases

/// The configured models for words, each with its own connection and cache.
enum TextModelSet {
    static func make(_ settings: EmbeddingSettings, logger: Logger) -> [any TextEmbeddingModel] {
        let shared = settings.redis.map { SharedVectorCache($0) }
        return settings.models.map { model in
            switch model.service {
            case .ollama:
                ServiceTextModel.ollama(
                    model.name, at: settings.ollama, cache: VectorCache(), shared: shared, logger: logger)
            case .openai:
                ServiceTextModel.openAI(
                    model.name, at: settings.openAI ?? settings.ollama, key: settings.openAIKey, cache: VectorCache(),
                    shared: shared, logger: logger)
            }
        }
    }
}
