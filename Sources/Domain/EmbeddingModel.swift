/// Turns what was measured in a track into a point among others.
package protocol EmbeddingModel: Sendable {
    /// Names the model and its version; vectors of different names are never compared.
    var name: String { get }

    /// A vector of unit length. Throws when the features are not those of this model.
    func embed(features: [Float]) throws -> [Float]
}
