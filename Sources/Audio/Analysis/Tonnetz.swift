import Foundation

/// The tonal centroid (Harte, Sandler and Gasser 2006): where a chroma lies on the circles of fifths (x, y), of minor
/// thirds and of major thirds, the last with half the radius. Each in −1…1.
enum Tonnetz {
    /// How far a semitone turns, in units of π.
    private static let circles: [(radius: Double, turn: Double)] = [(1, 7.0 / 6), (1, 3.0 / 2), (0.5, 2.0 / 3)]

    /// - Parameter chroma: Twelve strengths, C first. Nil when they are all 0.
    static func centroid(of chroma: [Double]) -> [Double]? {
        let sum = chroma.reduce(0, +)
        guard sum > 0 else { return nil }
        var centroid: [Double] = []
        for circle in circles {
            var (x, y) = (0.0, 0.0)
            for (pitchClass, strength) in chroma.enumerated() {
                let angle = Double(pitchClass) * circle.turn * Double.pi
                x += strength * sin(angle)
                y += strength * cos(angle)
            }
            centroid += [circle.radius * x / sum, circle.radius * y / sum]
        }
        return centroid
    }
}
