import Contracts
import Domain
import Foundation

/// Ollama's own protocol: `POST /api/embed` and `GET /api/tags` (ollama/ollama, docs/api.md).
struct OllamaService: EmbeddingService {
    let caller: HTTPCaller
    /// As Ollama knows it, with or without a tag.
    let modelName: String

    /// How long Ollama keeps the model in memory after a request.
    private static let keepAlive = "5m"
    private static let lookLimit = Duration.seconds(10)

    private struct EmbedRequest: Encodable {
        let model: String
        let input: [String]
        /// A text that is too long for the model is cut, not refused.
        let truncate = true
        let keep_alive = OllamaService.keepAlive
    }

    private struct EmbedAnswer: Decodable {
        let embeddings: [[Float]]
    }

    private struct TagsAnswer: Decodable {
        struct Model: Decodable {
            let name: String
            let digest: String
        }

        let models: [Model]
    }

    func embed(_ texts: [String], within limit: Duration) async throws -> [[Float]] {
        let body = Array(ContractJSON.encode(EmbedRequest(model: modelName, input: texts)).utf8)
        return try await caller.call(ServiceRequest("/api/embed", body: body, limit: limit)) { answer in
            try expectSuccess(answer, missing: missing)
            return try checkCount(try decode(answer, as: EmbedAnswer.self).embeddings, texts)
        }
    }

    func digest() async throws -> String {
        try await caller.call(ServiceRequest("/api/tags", limit: Self.lookLimit, purpose: .look)) { answer in
            try expectSuccess(answer, missing: "there is no Ollama at \(caller.address)")
            let models = try decode(answer, as: TagsAnswer.self).models
            guard let found = models.first(where: { Self.tagged($0.name) == Self.tagged(modelName) }) else {
                throw Failure(.modelMissing, missing)
            }
            return found.digest
        }
    }

    /// `all-minilm` and `all-minilm:latest` are the same.
    private static func tagged(_ name: String) -> String {
        name.split(separator: "/").last?.contains(":") == true ? name : name + ":latest"
    }

    private var missing: String {
        "Ollama at \(caller.address) has no model \"\(modelName)\"; get it there with: ollama pull \(modelName)"
    }
}
