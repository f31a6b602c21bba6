import Domain
import Foundation
import Integrations

/// The variables SILLON_EMBEDDING_MODELS and SILLON_REDIS_URL: models that work on words, and what helps them.
struct EmbeddingSettings: Sendable {
    enum Service: String, CaseIterable, Sendable {
        case ollama, openai
    }

    struct Model: Hashable, Sendable {
        let service: Service
        /// As the service knows it.
        let name: String

        var fullName: String { "\(service.rawValue):\(name)" }
    }

    private(set) var models: [Model] = []
    let ollama: ServiceAddress?
    let openAI: ServiceAddress?
    let openAIKey: Credential?
    /// A cache that several processes share.
    let redis: RedisAddress?

    /// Each has a space of its own, which takes memory.
    private static let maxModels = 4
    private static let maxNameLength = 100

    init(_ environment: Environment, services: ServiceSettings) throws(CommandError) {
        ollama = services[.ollama].address
        openAI = services[.openai].address
        openAIKey = services[.openai].key
        redis = try Self.redis(environment)
        models = try Self.models(environment)
        guard models.contains(where: { $0.service == .openai }) else { return }
        guard openAI != nil else {
            throw .misconfigured(
                "SILLON_EMBEDDING_MODELS names an openai: model: SILLON_OPENAI_URL must say where, "
                    + "http://127.0.0.1:1234/v1 say")
        }
    }

    private static func models(_ environment: Environment) throws(CommandError) -> [Model] {
        guard let text = environment["SILLON_EMBEDDING_MODELS"] else { return [] }
        var models: [Model] = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let model = try model(part.trimmingCharacters(in: .whitespaces))
            guard !models.contains(model) else {
                throw .misconfigured("SILLON_EMBEDDING_MODELS names \(model.fullName) twice")
            }
            models.append(model)
        }
        guard models.count <= maxModels else {
            throw .misconfigured("SILLON_EMBEDDING_MODELS names \(models.count) models; \(maxModels) are the limit")
        }
        return models
    }

    private static func model(_ text: String) throws(CommandError) -> Model {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, let service = Service(rawValue: String(parts[0])), isName(parts[1]) else {
            throw .misconfigured(
                "SILLON_EMBEDDING_MODELS is a list such as ollama:nomic-embed-text,openai:text-embedding-3-small, and "
                    + "\"\(text)\" is no model")
        }
        return Model(service: service, name: String(parts[1]))
    }

    private static func isName(_ text: Substring) -> Bool {
        let marks = Set("._:/-".utf8)
        return (1...maxNameLength).contains(text.utf8.count)
            && text.unicodeScalars.allSatisfy { scalar in
                scalar.isASCII && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar))
                    || marks.contains(UInt8(truncatingIfNeeded: scalar.value)) && scalar.isASCII
            }
    }

    private static func redis(_ environment: Environment) throws(CommandError) -> RedisAddress? {
        guard let text = environment["SILLON_REDIS_URL"] else { return nil }
        do throws(RedisAddress.NotAnAddress) {
            return try RedisAddress(text)
        } catch {
            // It may hold a password.
            throw .misconfigured("SILLON_REDIS_URL is an address such as redis://127.0.0.1:6379/0")
        }
    }
}
