import Domain
import Foundation

/// A smooth way from one track to another: a beam search through layers of tracks near the arc between the two.
///
/// Layer k holds the tracks nearest to the point at k / (n − 1) of the great circle from start to end; of the ways that
/// take one track of each layer, none twice, the one with the least sum of squared steps is sought. Squares make many
/// small steps cheaper than one large one.
package struct PathSearch {
    package struct Stop: Equatable, Sendable {
        package let id: Int64
        package let broken: [SimilarityRule]
    }

    /// Points of the arc round which tracks are collected.
    package static let anchors = 5
    /// Tracks round each of these points.
    package static let anchorTracks = 300
    package static let maxLength = 100
    /// Ways that are followed at once, and tracks of a layer that each may go to.
    private static let beam = 24
    /// A broken rule counts as the largest step there is: a way that keeps all is preferred to any that does not.
    private static let penalty: Float = 4

    private struct Way {
        var stops: [Int] = []
        var groups: Set<Int> = []
        var broken: [[SimilarityRule]] = []
        var cost: Float = 0
    }

    private let cloud: PointCloud
    private let rows: [FactsTable.Row]
    private let groups: [Int]
    private let flow: FlowRules
    private let start: [Float]
    private let end: [Float]
    private let startRow: FactsTable.Row?

    /// Where to collect tracks for a path of that many tracks.
    package static func points(from start: [Float], to end: [Float], length: Int) -> [[Float]] {
        let arc = Arc(from: start, to: end)
        let count = min(anchors, length - 2)
        return (0..<max(0, count)).map { arc.point(at: Float($0 + 1) / Float(count + 1)) }
    }

    /// - Parameter cloud: Tracks near the arc, without the two at its ends.
    package init(
        cloud: PointCloud, table: FactsTable, rules: SimilarityRules, start: [Float], end: [Float], startID: Int64
    ) {
        self.cloud = cloud
        rows = cloud.ids.map { table.row($0) ?? .unknown($0) }
        var recordings = RecordingGroups()
        groups = rows.enumerated().map { rules.duplicates == .leaveOut ? recordings.number($0.element) : $0.offset }
        flow = FlowRules(rules: rules, table: table)
        self.start = start
        self.end = end
        startRow = table.row(startID)
    }

    /// The tracks between start and end, `length` with both; fewer when there are not that many.
    package func stops(_ length: Int) -> [Stop] {
        let fromStart = cloud.dots(with: start)
        let toEnd = cloud.dots(with: end).map { acosf(min(1, max(-1, $0))) }
        var ways = [Way()]
        for (number, layer) in layers(length).enumerated() {
            ways = extend(ways, layer, fromStart) { Self.leastCost(over: toEnd[$0], steps: length - 2 - number) }
        }
        return ways.first.map { way in
            zip(way.stops, way.broken).map { Stop(id: cloud.ids[$0], broken: $1) }
        } ?? []
    }

    /// Indices, nearest to the layer's point first. So many that a way finds a new one however many it has taken.
    private func layers(_ length: Int) -> [[Int]] {
        let arc = Arc(from: start, to: end)
        return (1..<max(1, length - 1)).map { number in
            let dots = cloud.dots(with: arc.point(at: Float(number) / Float(length - 1)))
            let order = dots.indices.sorted { dots[$0] > dots[$1] || (dots[$0] == dots[$1] && $0 < $1) }
            return Array(order.prefix(Self.beam + length))
        }
    }

    private struct Extension {
        let way: Int
        let index: Int
        let broken: [SimilarityRule]
        let cost: Float
        /// With the least that the rest of the way must cost.
        let estimate: Float
    }

    /// The best ways that are one track longer, the one that promises most first: what they have cost and what the rest
    /// must cost at least, so that ways which dawdle at the beginning do not crowd out the others.
    private func extend(
        _ ways: [Way], _ layer: [Int], _ fromStart: [Float], rest: (Int) -> Float
    ) -> [Way] {
        var longer: [Extension] = []
        for (number, way) in ways.enumerated() {
            let played = (startRow.map { [$0] } ?? []) + way.stops.map { rows[$0] }
            for index in layer.lazy.filter({ !way.groups.contains(groups[$0]) }).prefix(Self.beam) {
                let cosine = way.stops.last.map { cloud.dot($0, index) } ?? fromStart[index]
                let broken = flow.broken(by: rows[index], after: played)
                let cost = way.cost + Self.squaredStep(cosine) + Self.penalty * Float(broken.count)
                longer.append(
                    Extension(way: number, index: index, broken: broken, cost: cost, estimate: cost + rest(index)))
            }
        }
        // A layer that has nothing new is passed over: the path is shorter then.
        guard !longer.isEmpty else { return ways }
        return longer.sorted { $0.estimate < $1.estimate }.prefix(Self.beam).map { extended in
            var way = ways[extended.way]
            way.stops.append(extended.index)
            way.groups.insert(groups[extended.index])
            way.broken.append(extended.broken)
            way.cost = extended.cost
            return way
        }
    }

    /// Of that angle in equal steps: no way is cheaper, for squares grow faster than lengths.
    private static func leastCost(over angle: Float, steps: Int) -> Float {
        let count = Float(max(1, steps))
        return count * squaredStep(cosf(angle / count))
    }

    /// Of unit vectors.
    private static func squaredStep(_ cosine: Float) -> Float { max(0, 2 - 2 * cosine) }
}
