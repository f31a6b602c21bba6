/// Where vectors may be compared: one model in one version. Another digest or dimension under the same name is another
/// space.
package struct EmbeddingSpace: Hashable, Codable, Sendable {
    /// As it is configured: `ollama:nomic-embed-text`.
    package let model: String
    /// What the service says identifies the model's weights; empty when it says nothing.
    package let digest: String
    package let dimension: Int

    package init(model: String, digest: String, dimension: Int) {
        self.model = model
        self.digest = digest
        self.dimension = dimension
    }

    /// Longer vectors are refused.
    package static let maxDimension = 4096
    private static let shownDigits = 12

    /// `ollama:nomic-embed-text@0a109f422b47/768`
    package var name: String {
        model + (digest.isEmpty ? "" : "@" + digest.prefix(Self.shownDigits)) + "/\(dimension)"
    }
}

/// A text as a point of a space.
package struct TextEmbedding: Hashable, Sendable {
    package let space: EmbeddingSpace
    /// Unit length, as many numbers as the space has dimensions.
    package let vector: [Float]

    package init(space: EmbeddingSpace, vector: [Float]) {
        precondition(vector.count == space.dimension, "a vector has as many numbers as its space has dimensions")
        self.space = space
        self.vector = vector
    }
}
