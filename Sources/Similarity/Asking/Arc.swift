import Foundation

/// The way from one unit vector to another along the sphere.
struct Arc {
    private let start: [Float]
    private let end: [Float]
    private let angle: Float

    /// Vectors that point almost alike, or almost away from each other, span no plane to turn in.
    private static let leastSine: Float = 1e-4

    init(from start: [Float], to end: [Float]) {
        self.start = start
        self.end = end
        let cosine = zip(start, end).reduce(Float(0)) { $0 + $1.0 * $1.1 }
        angle = acosf(min(1, max(-1, cosine)))
    }

    /// Spherical interpolation (Shoemake 1985): equal fractions are equal angles. 0 is the start, 1 the end.
    func point(at fraction: Float) -> [Float] {
        let sine = sinf(angle)
        guard sine > Self.leastSine else { return fraction < 0.5 ? start : end }
        let (left, right) = (sinf((1 - fraction) * angle) / sine, sinf(fraction * angle) / sine)
        return zip(start, end).map { $0 * left + $1 * right }
    }
}
