import Domain
import Testing

@testable import Similarity

@Suite struct PathSearchTests {
    private struct Way {
        var ids: [Int64]
        var steps: [Float]
        var broken: [[SimilarityRule]]
        var brokenAtEnd: [SimilarityRule]
    }

    private static func way(
        _ shelf: Shelf, _ from: Int64, _ to: Int64, _ length: Int, rules: SimilarityRules = SimilarityRules()
    ) throws -> Way {
        let (start, end) = (try #require(shelf.vectors[from]), try #require(shelf.vectors[to]))
        let gate = FactsGate(
            table: shelf.table, filter: SimilarityFilter(), genreIDs: nil, rules: rules, seeds: [from, to])
        var near: Set<Int64> = []
        for point in PathSearch.points(from: start, to: end, length: length) {
            near.formUnion(
                try shelf.index.nearest(to: point, limit: PathSearch.anchorTracks, where: gate.admits).map(\.id))
        }
        let cloud = PointCloud(near.sorted(), dimension: shelf.index.dimension, vector: shelf.index.vector)
        let path = PathSearch(
            cloud: cloud, table: shelf.table, rules: rules, start: start, end: end, startID: from, endID: to
        ).path(length)
        let ids = [from] + path.stops.map(\.id) + [to]
        let vectors = try ids.map { try #require(shelf.vectors[$0]) }
        let steps = zip(vectors, vectors.dropFirst()).map { one, other in
            zip(one, other).reduce(Float(0)) { $0 + $1.0 * $1.1 }
        }
        return Way(ids: ids, steps: steps, broken: path.stops.map(\.broken), brokenAtEnd: path.brokenAtEnd)
    }

    @Test(
        "A path has the length that was asked for, no track or recording twice, and exact ends",
        arguments: [2, 3, 7, 25, 100])
    func shape(length: Int) throws {
        let shelf = try Shelf(1200, seed: 9)
        for (from, to) in [(1, 2), (3, 4), (5, 6)] as [(Int64, Int64)] {
            let way = try Self.way(shelf, from, to, length)
            #expect(way.ids.count == length && way.ids.first == from && way.ids.last == to)
            var groups = RecordingGroups()
            let recordings = try way.ids.map { groups.number(try #require(shelf.table.row($0))) }
            #expect(Set(recordings).count == length)
        }
    }

    @Test("The same question has the same path")
    func same() throws {
        let shelf = try Shelf(800, seed: 10)
        #expect(try Self.way(shelf, 1, 2, 12).ids == Self.way(shelf, 1, 2, 12).ids)
    }

    @Test("Each step is smaller than the leap from start to end, and all are smoother than the nearest to each point")
    func smooth() throws {
        let shelf = try Shelf(6000, seed: 11, dimension: 6)
        var wins = 0
        for (from, to) in (1...20).map({ (Int64($0), Int64($0 + 100)) }) {
            let way = try Self.way(shelf, from, to, 9)
            let (start, end) = (try #require(shelf.vectors[from]), try #require(shelf.vectors[to]))
            let leap = zip(start, end).reduce(Float(0)) { $0 + $1.0 * $1.1 }
            let least = try #require(way.steps.min())
            #expect(least > leap)
            // The naive path: at each point of the arc the nearest track that was not taken.
            var taken: Set<Int64> = [from, to]
            var naive = [start]
            for number in 1...7 {
                let point = Arc(from: start, to: end).point(at: Float(number) / 8)
                let found = try shelf.index.nearest(to: point, limit: 1) { !taken.contains($0) }
                taken.formUnion(found.map(\.id))
                naive += try found.map { try #require(shelf.vectors[$0.id]) }
            }
            naive.append(end)
            let squares = { (steps: [Float]) in steps.reduce(Float(0)) { $0 + 2 - 2 * $1 } }
            let plain = zip(naive, naive.dropFirst()).map { zip($0, $1).reduce(Float(0)) { $0 + $1.0 * $1.1 } }
            if squares(way.steps) <= squares(plain) + 1e-4 { wins += 1 }
        }
        #expect(wins == 20)
    }

    @Test("Where there are too few tracks the path is shorter, and still ends right")
    func few() throws {
        let shelf = try Shelf(4, seed: 12)
        let way = try Self.way(shelf, 1, 2, 50)
        #expect(way.ids.first == 1 && way.ids.last == 2 && way.ids.count <= 4)
        #expect(Set(way.ids).count == way.ids.count)
    }

    @Test("Rules bind each track to the one before, where any can keep them")
    func rules() throws {
        let shelf = try Shelf(3000, seed: 13)
        var rules = SimilarityRules()
        (rules.artistGap, rules.maxTempoJump) = (2, 25)
        let way = try Self.way(shelf, 1, 2, 10, rules: rules)
        #expect(way.broken.count { $0.isEmpty } >= 7)
        for (index, broken) in way.broken.enumerated() where !broken.contains(.artistGap) {
            let before = way.ids[max(0, index - 1)...index].flatMap { shelf.table[$0]?.artistIDs ?? [] }
            #expect(Set(before).isDisjoint(with: shelf.table[way.ids[index + 1]]?.artistIDs ?? []))
        }
    }

    @Test("The end binds the tracks before it, too, and says what it breaks where none fits")
    func end() throws {
        let shelf = try Shelf(3000, seed: 14)
        var rules = SimilarityRules()
        (rules.artistGap, rules.maxTempoJump) = (3, 25)
        let flow = FlowRules(rules: rules, table: shelf.table)
        var harmed = 0
        for (from, to) in (1...10).map({ (Int64($0), Int64($0 + 100)) }) {
            let way = try Self.way(shelf, from, to, 10, rules: rules)
            let rows = way.ids.compactMap(shelf.table.row)
            #expect(way.brokenAtEnd == flow.broken(by: try #require(rows.last), after: rows.dropLast()))
            harmed += way.brokenAtEnd.count
            // Nothing lies between: the leap itself is judged.
            let leap = try Self.way(shelf, from, to, 2, rules: rules)
            #expect(leap.brokenAtEnd == flow.broken(by: try #require(rows.last), after: [rows[0]]))
        }
        #expect(harmed <= 3)
    }
}
