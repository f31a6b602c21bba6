import Domain

/// Points of the picture, in ascending order of id. Coordinates run from 0 to 65,535; the middle is the mean.
package struct MapPoints: Hashable, Sendable {
    package private(set) var ids: [Int64] = []
    package private(set) var x: [UInt16] = []
    package private(set) var y: [UInt16] = []

    /// How far the picture reaches to each side, in standard deviations of its wider axis; beyond lies the rim.
    package static let reach = 8.0

    fileprivate init(_ points: [(id: Int64, x: UInt16, y: UInt16)]) {
        ids = points.map(\.id)
        x = points.map(\.x)
        y = points.map(\.y)
    }
}

extension VectorIndex {
    /// Mean and covariance of the vectors, or of `limit` of them that chance picks; the same seed picks the same.
    package func statistics(sample limit: Int, seed: UInt64) -> VectorStatistics {
        var statistics = VectorStatistics(dimension: dimension)
        var generator = SplitMix64(seed: seed)
        var (wanted, left) = (min(limit, count), count)
        // Selection sampling (Knuth, The Art of Computer Programming, 3.4.2, algorithm S).
        forEachRow { block, row in
            guard wanted > 0 else { return }
            if Int.random(in: 0..<max(1, left), using: &generator) < wanted {
                statistics.add(block.vector(row))
                wanted -= 1
            }
            left -= 1
        }
        return statistics
    }

    /// - Parameter basis: Of this index's dimension.
    package func points(on basis: MapBasis) -> MapPoints {
        precondition(basis.dimension == dimension, "a plane lies in the space of its vectors")
        let axes = basis.axes.map(padded)
        let mean = padded(basis.mean)
        let middle = axes.map { axis in zip(axis, mean).reduce(Float(0)) { $0 + $1.0 * $1.1 } }
        let scale = Float(1 / (basis.spread * MapPoints.reach))
        var points: [(id: Int64, x: UInt16, y: UInt16)] = []
        points.reserveCapacity(count)
        forEachRow { block, row in
            let x = (block.score(row, axes[0]) - middle[0]) * scale
            let y = (block.score(row, axes[1]) - middle[1]) * scale
            points.append((block.id(row), Self.coordinate(x), Self.coordinate(y)))
        }
        return MapPoints(points.sorted { $0.id < $1.id })
    }

    private static func coordinate(_ value: Float) -> UInt16 {
        let place = (value + 1) * 32767.5
        return place.isNaN ? 32768 : UInt16(min(max(place.rounded(), 0), 65535))
    }

    private func forEachRow(_ body: (VectorBlock, Int) -> Void) {
        for block in blocks {
            for row in 0..<block.count where !block.isFree(row) { body(block, row) }
        }
    }
}
