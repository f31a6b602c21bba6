import Domain

/// What a service that embeds texts can do, in its own protocol. Throws `Failure` or `CancellationError`.
protocol EmbeddingService: Sendable {
    var caller: HTTPCaller { get }
    /// As the service knows it.
    var modelName: String { get }

    /// A vector for each text, in their order, as the service gave it.
    func embed(_ texts: [String], within limit: Duration) async throws -> [[Float]]

    /// What identifies the model's weights; empty when the service tells nothing.
    func digest() async throws -> String
}

extension EmbeddingService {
    /// One vector for each text, or the answer is none.
    func checkCount(_ vectors: [[Float]], _ texts: [String]) throws -> [[Float]] {
        guard vectors.count == texts.count else {
            throw Failure(
                .serviceError, "\(caller.service) answered \(vectors.count) vectors for \(texts.count) texts")
        }
        return vectors
    }

    func decode<Value: Decodable>(_ answer: ServiceAnswer, as type: Value.Type) throws -> Value {
        try answer.json(type, of: caller.service)
    }

    /// Throws what a status other than 200 means.
    func expectSuccess(_ answer: ServiceAnswer, missing: String) throws {
        switch answer.status {
        case 200: return
        case 404: throw Failure(.modelMissing, missing)
        default:
            throw Failure(
                .serviceRefused,
                "\(caller.service) at \(caller.address) refused with \(answer.status)\(answer.shownText)")
        }
    }
}
