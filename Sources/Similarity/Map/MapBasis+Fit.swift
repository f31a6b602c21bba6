import Domain

extension MapBasis {
    /// The plane on which vectors of this mean and covariance lie widest, turned and mirrored so that the picture looks
    /// as it did before. Nil when the numbers are not those of such vectors.
    ///
    /// - Parameters:
    ///   - covariance: The upper triangle, row by row.
    ///   - previousAxes: Both axes of the picture before, one after the other; of another length they are passed over.
    package static func fit(mean: [Float], covariance: [Float], previousAxes: [Float]?) -> MapBasis? {
        guard mean.count >= 2, mean.allSatisfy(\.isFinite),
            let matrix = SymmetricMatrix(upperTriangle: covariance, size: mean.count)
        else { return nil }
        let found = PrincipalAxes.find(2, of: matrix)
        let spread = (found.variances.first ?? 0).squareRoot()
        guard spread.isFinite, found.axes.allSatisfy({ $0.allSatisfy(\.isFinite) }) else { return nil }
        let previous = previousAxes.map { $0.map(Double.init) }.flatMap { axes in
            axes.count == 2 * mean.count && axes.allSatisfy(\.isFinite)
                ? [Array(axes.prefix(mean.count)), Array(axes.suffix(mean.count))] : nil
        }
        let axes = previous.map { turn(found.axes, towards: $0) } ?? found.axes
        return MapBasis(
            mean: mean, axes: axes.map { $0.map { Float($0) } }, spread: spread > 0 ? spread : unmeasuredSpread)
    }

    /// Of points that do not differ.
    private static let unmeasuredSpread = 1.0

    /// The turn or reflection of one pair of axes that brings it closest to another: the orthogonal Procrustes problem
    /// (Schönemann 1966), which has a closed form in the plane.
    static func turn(_ axes: [[Double]], towards others: [[Double]]) -> [[Double]] {
        let (a, b) = (dot(others[0], axes[0]), dot(others[0], axes[1]))
        let (c, d) = (dot(others[1], axes[0]), dot(others[1], axes[1]))
        let (turnX, turnY) = (a + d, c - b)
        let (mirrorX, mirrorY) = (a - d, b + c)
        let (turned, mirrored) = (
            (turnX * turnX + turnY * turnY).squareRoot(), (mirrorX * mirrorX + mirrorY * mirrorY).squareRoot()
        )
        let best = max(turned, mirrored)
        // Planes at right angles to each other: nothing to turn towards.
        guard best > 1e-9 else { return axes }
        if turned >= mirrored {
            return mix(axes, cosine: turnX / best, sine: turnY / best, mirror: 1)
        }
        return mix(axes, cosine: mirrorX / best, sine: mirrorY / best, mirror: -1)
    }

    private static func mix(_ axes: [[Double]], cosine: Double, sine: Double, mirror: Double) -> [[Double]] {
        let pairs = zip(axes[0], axes[1])
        return [
            pairs.map { cosine * $0 - mirror * sine * $1 },
            pairs.map { sine * $0 + mirror * cosine * $1 },
        ]
    }
}
