import Domain
import Foundation
import Integrations

/// The variables SILLON_EMBEDDING_MODELS, SILLON_OLLAMA_… and SILLON_OPENAI_…: models that work on words.
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
    let ollama: ServiceAddress
    let openAI: ServiceAddress?
    let openAIKey: Credential?
    /// A cache that several processes share.
    let redis: RedisAddress?

    static let defaultOllama = "http://127.0.0.1:11434"
    /// Each has a space of its own, which takes memory.
    private static let maxModels = 4
    private static let maxNameLength = 100
    private static let maxKeyBytes = 4096

    init(_ environment: Environment) throws(CommandError) {
        ollama = try Self.address("SILLON_OLLAMA_URL", environment) ?? Self.known(Self.defaultOllama)
        openAI = try Self.address("SILLON_OPENAI_URL", environment)
        openAIKey = try Self.key(environment)
        redis = try Self.redis(environment)
        models = try Self.models(environment)
        guard models.contains(where: { $0.service == .openai }) else { return }
        guard let openAI else {
            throw .misconfigured(
                "SILLON_EMBEDDING_MODELS names an openai: model: SILLON_OPENAI_URL must say where, "
                    + "http://127.0.0.1:1234/v1 say")
        }
        guard openAIKey == nil || openAI.isEncrypted || openAI.isLoopback else {
            throw .misconfigured("the key would travel unencrypted to \(openAI): SILLON_OPENAI_URL needs https")
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

    private static func address(_ name: String, _ environment: Environment) throws(CommandError) -> ServiceAddress? {
        guard let text = environment[name] else { return nil }
        do throws(ServiceAddress.Problem) {
            return try ServiceAddress(text)
        } catch {
            switch error {
            case .notAnAddress:
                throw .misconfigured("\(name) is an address such as \(defaultOllama), not \"\(text)\"")
            case .holdsSecret: throw .misconfigured("\(name) holds a name, a password or a query: it would end in logs")
            }
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

    private static func known(_ text: String) -> ServiceAddress {
        do throws(ServiceAddress.Problem) {
            return try ServiceAddress(text)
        } catch {
            preconditionFailure("the default address is one")
        }
    }

    private static func key(_ environment: Environment) throws(CommandError) -> Credential? {
        guard let path = environment["SILLON_OPENAI_KEY_FILE"] else {
            guard let text = environment["SILLON_OPENAI_KEY"] else { return nil }
            guard let key = credential(text) else {
                throw .misconfigured("SILLON_OPENAI_KEY holds no key on a single line")
            }
            return key
        }
        guard let data = FileManager.default.contents(atPath: environment.absolute(path)) else {
            throw .misconfigured("SILLON_OPENAI_KEY_FILE names \(path), which cannot be read")
        }
        guard let key = credential(String(decoding: data.prefix(maxKeyBytes), as: UTF8.self)) else {
            throw .misconfigured("SILLON_OPENAI_KEY_FILE names \(path), which holds no key on a single line")
        }
        return key
    }

    /// Nil for what cannot stand in a header.
    private static func credential(_ text: String) -> Credential? {
        let key = text.trimmingCharacters(in: .whitespacesAndNewlines)
        guard !key.isEmpty, key.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else { return nil }
        return Credential(key)
    }
}
