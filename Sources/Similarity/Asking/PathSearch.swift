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

    package struct Path: Equatable, Sendable {
        /// Between start and end.
        package let stops: [Stop]
        package let brokenAtEnd: [SimilarityRule]
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
    private let endRow: FactsTable.Row?

    /// Where to collect tracks for a path of that many tracks.
    package static func points(from start: [Float], to end: [Float], length: Int) -> [[Float]] {
        let arc = Arc(from: start, to: end)
        let count = min(anchors, length - 2)
        return (0..<max(0, count)).map { arc.point(at: Float($0 + 1) / Float(count + 1)) }
    }

    /// - Parameter cloud: Tracks near the arc, without the two at its ends.
    package init(
        cloud: PointCloud, table: FactsTable, rules: SimilarityRules, start: [Float], end: [Float], startID: Int64,
        endID: Int64
    ) {
        self.cloud = cloud
        rows = cloud.ids.map { table.row($0) ?? .unknown($0) }
        var recordings = RecordingGroups()
        groups = rows.enumerated().map { rules.duplicates == .leaveOut ? recordings.number($0.element) : $0.offset }
        flow = FlowRules(rules: rules, table: table)
        self.start = start
        self.end = end
        startRow = table.row(startID)
        endRow = table.row(endID)
    }

    /// Of `length` tracks with start and end; of fewer when there are not that many.
    package func path(_ length: Int) -> Path {
        let fromStart = cloud.dots(with: start)
        let toEnd = cloud.dots(with: end).map { acosf(min(1, max(-1, $0))) }
        var ways = [Way()]
        for (number, layer) in layers(length).enumerated() {
            let left = length - 2 - number
            ways = extend(ways, layer, fromStart, stopsLeft: left - 1) {
                Self.leastCost(over: toEnd[$0], steps: left)
            }
        }
        let way = ways.first ?? Way()
        return Path(
            stops: zip(way.stops, way.broken).map { Stop(id: cloud.ids[$0], broken: $1) },
            brokenAtEnd: endRow.map { flow.broken(by: $0, after: played(way)) } ?? [])
    }

    private func played(_ way: Way) -> [FactsTable.Row] { (startRow.map { [$0] } ?? []) + way.stops.map { rows[$0] } }

    /// What the end would break because of this track, with so many stops between the two.
    private func brokenAtEnd(by row: FactsTable.Row, _ between: Int) -> Int {
        guard let endRow, between <= max(flow.rules.artistGap, flow.rules.albumGap) else { return 0 }
        // Of the stops between nothing is known yet: they break nothing.
        let unknown = Array(repeating: FactsTable.Row.unknown(0), count: between)
        return flow.broken(by: endRow, after: [row] + unknown).count
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
        _ ways: [Way], _ layer: [Int], _ fromStart: [Float], stopsLeft: Int, rest: (Int) -> Float
    ) -> [Way] {
        let harm = Dictionary(uniqueKeysWithValues: layer.map { ($0, brokenAtEnd(by: rows[$0], stopsLeft)) })
        var longer: [Extension] = []
        for (number, way) in ways.enumerated() {
            let played = played(way)
            for index in layer.lazy.filter({ !way.groups.contains(groups[$0]) }).prefix(Self.beam) {
                let cosine = way.stops.last.map { cloud.dot($0, index) } ?? fromStart[index]
                let broken = flow.broken(by: rows[index], after: played)
                let count = broken.count + harm[index, default: 0]
                let cost = way.cost + Self.squaredStep(cosine) + Self.penalty * Float(count)
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
