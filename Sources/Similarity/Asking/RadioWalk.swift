import Domain
import Foundation

/// An endless walk through the neighbourhood of a sound: the same numbers in, the same tracks out.
///
/// Each step weighs nearness to where the radio began against nearness to the track before, and draws among the best by
/// a seeded generator. The walk never leaves the pool, the tracks nearest to where it began: that bounds its drift.
package struct RadioWalk {
    package struct Step: Equatable, Sendable {
        package let id: Int64
        /// Cosine of the angle to where the radio began.
        package let likeness: Float
        /// Cosine of the angle to the track before; nil for the first.
        package let step: Float?
        /// What nothing in the pool could keep.
        package let broken: [SimilarityRule]
    }

    package static let maxPool = 1000
    /// Of a small library a quarter, so that a radio does not end in what sounds like nothing of it.
    private static let minPool = 50
    private static let poolShare = 4

    /// Tracks that the walk may reach, of so many.
    package static func poolSize(of count: Int) -> Int { min(maxPool, max(minPool, count / poolShare)) }

    /// No track comes again before that many others, where the pool has twice as many.
    package static let maxWindow = 200
    /// Part of the nearness to the track before, the rest is nearness to the beginning.
    private static let momentum: Float = 0.5
    /// Tracks among which the next is drawn; each is half as likely as the one `halfRank` places before it.
    private static let choices = 16
    private static let halfRank = 4.0

    private let cloud: PointCloud
    private let rows: [FactsTable.Row]
    private let flow: FlowRules
    private let anchorDots: [Float]
    private let seed: UInt64
    /// By index in the pool: the number of its recording, or its own.
    private let groups: [Int]
    package let window: Int
    package private(set) var position: Int
    /// Newest last.
    package private(set) var recent: [Int64]
    private var recentRows: [FactsTable.Row]
    /// By group: the position at which it was played last; nil: not lately.
    private var playedAt: [Int?]
    private var previous: [Float]?

    /// - Parameters:
    ///   - position: Steps that were taken before, on other pages.
    ///   - recent: What was played last, newest last.
    ///   - previous: The vector of the newest of these.
    package init(
        cloud: PointCloud, anchor: [Float], table: FactsTable, rules: SimilarityRules, seed: UInt64, position: Int,
        recent: [Int64], previous: [Float]?
    ) {
        // Facts may be gone since the pool was found: such a track is nobody's and harms no rule.
        self.cloud = cloud
        rows = cloud.ids.map { table.row($0) ?? .unknown($0) }
        flow = FlowRules(rules: rules, table: table)
        anchorDots = cloud.dots(with: anchor)
        self.seed = seed
        self.position = position
        self.recent = recent
        self.previous = previous
        recentRows = recent.compactMap(table.row)
        var recordings = RecordingGroups()
        let areOne = rules.duplicates == .leaveOut
        groups = rows.enumerated().map { areOne ? recordings.number($0.element) : $0.offset }
        window = min(Self.maxWindow, Set(groups).count / 2)
        playedAt = Array(repeating: nil, count: groups.count)
        for (age, id) in recent.reversed().enumerated() {
            guard let row = table.row(id) else { continue }
            let group = areOne ? recordings.find(row) : cloud.ids.firstIndex(of: id)
            if let group, playedAt[group] == nil { playedAt[group] = position - 1 - age }
        }
    }

    /// Nil only when the pool is empty.
    package mutating func next() -> Step? {
        let stepDots = previous.map(cloud.dots)
        let order = ranked(stepDots)
        for allowed in Self.concessions {
            var found: [(index: Int, broken: [SimilarityRule])] = []
            for index in order where found.count < Self.choices {
                let broken = flow.broken(by: rows[index], after: recentRows)
                if broken.allSatisfy(allowed.contains) { found.append((index, broken)) }
            }
            guard !found.isEmpty else { continue }
            let (index, broken) = found[draw(of: found.count)]
            defer { play(index) }
            return Step(
                id: cloud.ids[index], likeness: anchorDots[index], step: stepDots?[index], broken: broken)
        }
        return nil
    }

    /// What is given up, one after the other, when nothing keeps all rules.
    private static let concessions: [Set<SimilarityRule>] = [
        [], [.keys], [.keys, .tempo], [.keys, .tempo, .albumGap], Set(SimilarityRule.allCases),
    ]

    /// Indices of what may be played, the best first.
    private func ranked(_ stepDots: [Float]?) -> [Int] {
        var scored: [(score: Float, index: Int)] = []
        for index in rows.indices {
            if let last = playedAt[groups[index]], position - last <= window { continue }
            let score = stepDots.map { anchorDots[index] * (1 - Self.momentum) + $0[index] * Self.momentum }
            scored.append((score ?? anchorDots[index], index))
        }
        return scored.sorted { $0.score > $1.score || ($0.score == $1.score && $0.index < $1.index) }.map(\.index)
    }

    /// A place among `count`, the first ones likelier, by the seed and the position alone.
    private func draw(of count: Int) -> Int {
        var random = SplitMix64(seed: seed ^ UInt64(truncatingIfNeeded: position) &* 0x2545_f491_4f6c_dd1d)
        let weights = (0..<count).map { exp2(-Double($0) / Self.halfRank) }
        var rest = Double(random.next() >> 11) / Double(1 << 53) * weights.reduce(0, +)
        for (place, weight) in weights.enumerated() {
            rest -= weight
            if rest < 0 { return place }
        }
        return count - 1
    }

    private mutating func play(_ index: Int) {
        playedAt[groups[index]] = position
        position += 1
        previous = cloud.vector(index)
        recent.append(cloud.ids[index])
        recentRows.append(rows[index])
        if recent.count > Self.maxWindow { recent.removeFirst() }
        if recentRows.count > Self.maxWindow { recentRows.removeFirst() }
    }
}
