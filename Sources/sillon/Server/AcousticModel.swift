import Domain
import Similarity

/// The built-in embedding behind the port that workers know.
struct AcousticModel: EmbeddingModel {
    var name: String { AcousticV1.modelName }

    func embed(features: [Float]) throws -> [Float] {
        guard let embedding = AcousticV1.embed(features) else {
            throw Failure(.invalidPayload, "these features are not those of \(name)")
        }
        return embedding.vector
    }
}
