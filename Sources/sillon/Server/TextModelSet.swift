import Domain
import Integrations
import Logging
import UseCases

/// The configured models for words, each with its own connection and cache.
enum TextModelSet {
    static func make(
        _ settings: EmbeddingSettings, _ services: OutsideServices, logger: Logger
    ) -> [any TextEmbeddingModel] {
        let shared = settings.redis.map { SharedVectorCache($0) }
        return settings.models.compactMap { model in
            switch model.service {
            case .ollama:
                settings.ollama.map {
                    ServiceTextModel.ollama(
                        model.name, at: $0, caller: services.options(.ollama), cache: VectorCache(), shared: shared,
                        clock: services.clock, gate: services.gate, logger: logger)
                }
            case .openai:
                settings.openAI.map {
                    ServiceTextModel.openAI(
                        model.name, at: $0, key: settings.openAIKey, caller: services.options(.openai),
                        cache: VectorCache(), shared: shared, clock: services.clock, gate: services.gate,
                        logger: logger)
                }
            }
        }
    }
}
