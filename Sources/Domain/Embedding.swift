/// A track as a point among others. Vectors of different models or versions are never compared.
package struct Embedding: Hashable, Codable, Sendable {
    /// `acoustic-v1` or another model's name with its version.
    package let model: String
    /// Unit length.
    package let vector: [Float]

    package init(model: String, vector: [Float]) {
        self.model = model
        self.vector = vector
    }
}
