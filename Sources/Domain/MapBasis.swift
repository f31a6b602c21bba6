/// A plane through the space of a model's vectors: the library is drawn as it is seen on it.
package struct MapBasis: Hashable, Sendable {
    /// The middle of the picture.
    package let mean: [Float]
    /// Rightwards and upwards: of unit length, at right angles.
    package let axes: [[Float]]
    /// Standard deviation of the vectors along the wider axis; more than 0.
    package let spread: Double

    /// - Parameter axes: Two, as long as `mean`.
    package init(mean: [Float], axes: [[Float]], spread: Double) {
        precondition(axes.count == 2 && axes.allSatisfy { $0.count == mean.count }, "a plane has two axes in its space")
        precondition(spread > 0, "a picture has an extent")
        self.mean = mean
        self.axes = axes
        self.spread = spread
    }

    package var dimension: Int { mean.count }
}
