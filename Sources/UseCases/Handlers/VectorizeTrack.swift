import Contracts
import Domain

/// Turns the features of an analysis into a vector.
struct VectorizeTrack: Sendable {
    let models: [any EmbeddingModel]

    func run(_ payload: VectorizeTrackPayload) throws -> VectorCompleteOutcome {
        guard let contentKey = payload.contentKey, let features = payload.features else {
            throw Failure(.invalidPayload, "content_key and features are missing")
        }
        let wanted = payload.model ?? models.first?.name
        guard let model = models.first(where: { $0.name == wanted }) else {
            throw Failure(.invalidPayload, "no model of that name is known here")
        }
        do {
            let vector = try model.embed(features: features.values)
            return VectorCompleteOutcome(
                trackID: payload.trackID, contentKey: contentKey, model: model.name, vector: PackedFloats(vector))
        } catch {
            throw Failure(.invalidPayload, "track \(payload.trackID) cannot be embedded: \(error)")
        }
    }
}
