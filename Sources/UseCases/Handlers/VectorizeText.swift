import Contracts
import Domain

/// Turns the description of a track into a vector.
struct VectorizeText: Sendable {
    let models: [any TextEmbeddingModel]

    /// Another worker may have the model, or this one after its next start.
    private static let unknownModelPauseSeconds: Double = 6 * 3600

    func run(_ payload: VectorizeTextPayload) async throws -> TextVectorCompleteOutcome {
        guard let text = payload.text else { throw Failure(.invalidPayload, "text is missing") }
        guard let model = models.first(where: { $0.name == payload.model }) else {
            throw Failure(
                .serviceUnavailable, "no model \"\(payload.model)\" is configured where this was tried",
                retryAfterSeconds: Self.unknownModelPauseSeconds)
        }
        let embedding = try await model.embed(text, as: .document, within: nil)
        return TextVectorCompleteOutcome(trackID: payload.trackID, embedding: embedding)
    }
}
