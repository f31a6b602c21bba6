import Contracts
import Domain

/// The protocol of OpenAI's embeddings, which many servers speak: `POST /v1/embeddings`.
struct OpenAIService: EmbeddingService {
    let caller: HTTPCaller
    let modelName: String

    private struct EmbedRequest: Encodable {
        let model: String
        let input: [String]
        let encoding_format = "float"
    }

    private struct EmbedAnswer: Decodable {
        struct Item: Decodable {
            let index: Int
            let embedding: [Float]
        }

        let data: [Item]
    }

    func embed(_ texts: [String], within limit: Duration) async throws -> [[Float]] {
        let body = Array(ContractJSON.encode(EmbedRequest(model: modelName, input: texts)).utf8)
        return try await caller.call(ServiceRequest(path, body: body, limit: limit)) { answer in
            try expectSuccess(answer, missing: "\(caller.address) has no model \"\(modelName)\"")
            let items = try decode(answer, as: EmbedAnswer.self).data.sorted { $0.index < $1.index }
            guard items.enumerated().allSatisfy({ $0.offset == $0.element.index }) else {
                throw Failure(.serviceError, "\(caller.service)'s answer leaves out a text, or has one twice")
            }
            return try checkCount(items.map(\.embedding), texts)
        }
    }

    /// Nothing in this protocol tells one version of a model from the next.
    func digest() async throws -> String { "" }

    /// The address may end with the version, as such servers print theirs.
    private var path: String { caller.address.url.hasSuffix("/v1") ? "/embeddings" : "/v1/embeddings" }
}
