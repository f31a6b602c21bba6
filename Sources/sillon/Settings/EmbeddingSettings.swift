import Domain
import Foundation
import Integrations

/// Models that work on words, and what helps them.
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

    init(_ reader: SettingReader, services: ServiceSettings) throws(CommandError) {
        ollama = services[.ollama].address
        openAI = services[.openai].address
        openAIKey = services[.openai].key
        redis = try reader.read(SettingList.words.redis)
        models = try Self.models(reader, openAI: openAI)
    }

    /// Models whose service somebody named.
    @discardableResult
    static func models(_ reader: SettingReader, openAI: ServiceAddress?) throws(CommandError) -> [Model] {
        let models = try reader.read(SettingList.words.models)
        guard openAI != nil || !models.contains(where: { $0.service == .openai }) else {
            let url = SettingList.of(.openai).url
            throw .misconfigured(
                "\(reader.name(of: SettingList.words.models)) names an openai: model: \(url.key) (\(url.variable)) must "
                    + "say where, http://127.0.0.1:1234/v1 say")
        }
        return models
    }
}

extension SettingKind where Value == [EmbeddingSettings.Model] {
    /// Each has a space of its own, which takes memory.
    private static var maxModels: Int { 4 }

    static let models = SettingKind(
        SettingShape(list: "list of `ollama:NAME`, `openai:NAME`, up to \(maxModels)", separator: ","),
        show: { $0.isEmpty ? nil : $0.map(\.fullName).joined(separator: ",") },
        items: { items, _ throws(SettingRefusal) in
            var models: [EmbeddingSettings.Model] = []
            for item in items {
                guard let model = EmbeddingSettings.Model(item) else {
                    throw SettingRefusal(
                        "is a list such as ollama:nomic-embed-text,openai:text-embedding-3-small, and \"\(item)\" is no "
                            + "model")
                }
                guard !models.contains(model) else { throw SettingRefusal("names \(model.fullName) twice") }
                models.append(model)
            }
            guard models.count <= maxModels else {
                throw SettingRefusal("names \(models.count) models; \(maxModels) are the limit")
            }
            return models
        })
}

extension EmbeddingSettings.Model {
    private static let maxNameLength = 100

    fileprivate init?(_ text: String) {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, let service = EmbeddingSettings.Service(rawValue: String(parts[0])),
            Self.isName(parts[1])
        else { return nil }
        self.init(service: service, name: String(parts[1]))
    }

    private static func isName(_ text: Substring) -> Bool {
        let marks = Set("._:/-".utf8)
        return (1...maxNameLength).contains(text.utf8.count)
            && text.unicodeScalars.allSatisfy { scalar in
                scalar.isASCII && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar))
                    || marks.contains(UInt8(truncatingIfNeeded: scalar.value)) && scalar.isASCII
            }
    }
}
