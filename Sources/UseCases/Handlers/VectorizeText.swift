import Contracts
import Domain

/// Turns the description of a track into a vector.
struct VectorizeText: Sendable {
    let models: [any TextEmbeddingModel]

    /// Another worker may have the model, or this one after its next start.
    private static let unknownModelPauseSeconds: Double = 6 * 3600
    /// `TextBackfill` wakes them when their model is well.
    private static let longestWaitSeconds: Double = 6 * 3600

    /// - Parameter run: 1 when this task was never begun before.
    func run(_ payload: VectorizeTextPayload, run: Int) async throws -> TextVectorCompleteOutcome {
        guard let text = payload.text else { throw Failure(.invalidPayload, "text is missing") }
        guard let model = models.first(where: { $0.name == payload.model }) else {
            throw Failure(
                .serviceUnavailable, "no model \"\(payload.model)\" is configured where this was tried",
                retryAfterSeconds: Self.unknownModelPauseSeconds)
        }
        let isLeftAlone = model.pauseSeconds > 0
        let embedding: TextEmbedding
        do {
            embedding = try await model.embed(text, as: .document, within: nil)
        } catch let failure as Failure where isLeftAlone {
            // Another model is well, or nobody would have claimed this. Whoever asked last looks again; the others wait.
            throw failure.waiting(longerWith: run, capSeconds: Self.longestWaitSeconds)
        }
        return TextVectorCompleteOutcome(trackID: payload.trackID, embedding: embedding)
    }
}
