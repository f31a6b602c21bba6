import Domain
import Testing

@testable import Similarity

@Suite struct RadioWalkTests {
    private static func walk(
        _ shelf: Shelf, seed: UInt64, anchor: Int64 = 1, position: Int = 0, recent: [Int64] = [1],
        rules: SimilarityRules = .radio
    ) throws -> RadioWalk {
        let vector = try #require(shelf.vectors[anchor])
        let pool = try shelf.index.nearest(to: vector, limit: RadioWalk.maxPool).map(\.id)
        let cloud = PointCloud(pool, dimension: shelf.index.dimension, vector: shelf.index.vector)
        return RadioWalk(
            cloud: cloud, anchor: vector, table: shelf.table, rules: rules, seed: seed, position: position,
            recent: recent, previous: position == 0 ? nil : recent.last.flatMap(shelf.index.vector))
    }

    private static func list(_ walk: RadioWalk, _ count: Int) -> [RadioWalk.Step] {
        var walk = walk
        return (0..<count).compactMap { _ in walk.next() }
    }

    @Test("The same number gives the same list, another number another one")
    func seeded() throws {
        let shelf = try Shelf(1500, seed: 1)
        let first = Self.list(try Self.walk(shelf, seed: 7), 100)
        #expect(first.count == 100)
        #expect(first == Self.list(try Self.walk(shelf, seed: 7), 100))
        #expect(first.map(\.id) != Self.list(try Self.walk(shelf, seed: 8), 100).map(\.id))
    }

    @Test("Pages put together are the list in one piece", arguments: [1, 7, 50])
    func pages(size: Int) throws {
        let shelf = try Shelf(900, seed: 2)
        let whole = Self.list(try Self.walk(shelf, seed: 3), 300).map(\.id)
        var (position, recent, paged): (Int, [Int64], [Int64]) = (0, [1], [])
        while paged.count < 300 {
            var walk = try Self.walk(shelf, seed: 3, position: position, recent: recent)
            paged += (0..<size).compactMap { _ in walk.next()?.id }
            (position, recent) = (walk.position, walk.recent)
        }
        #expect(Array(paged.prefix(300)) == whole)
    }

    @Test(
        "No recording comes again within the window, nor what was playing at the beginning", arguments: [1500, 60, 5])
    func noRepeats(count: Int) throws {
        let shelf = try Shelf(count, seed: 4)
        let walk = try Self.walk(shelf, seed: 1)
        let window = walk.window
        #expect(window > 0 && window <= RadioWalk.maxWindow)
        let played = [1] + Self.list(walk, 400).map(\.id)
        #expect(played.count == 401, "it has no end")
        var groups = RecordingGroups()
        let recordings = try played.map { groups.number(try #require(shelf.table.row($0))) }
        for (place, recording) in recordings.enumerated() {
            #expect(!recordings[max(0, place - window)..<place].contains(recording), "at \(place)")
        }
    }

    @Test("Rules are kept from track to track, and what is broken is said")
    func rules() throws {
        let shelf = try Shelf(1500, seed: 5)
        var rules = SimilarityRules.radio
        rules.keys = .compatible
        let steps = Self.list(try Self.walk(shelf, seed: 1, rules: rules), 150)
        for (old, new) in zip(steps, steps.dropFirst()) {
            let (a, b) = (try #require(shelf.table[old.id]), try #require(shelf.table[new.id]))
            if let tempo = a.tempoBpm {
                let jump = TempoJump.percent(from: tempo, to: b.tempoBpm ?? 0)
                #expect((jump > 20) == new.broken.contains(.tempo))
            }
            let isFit = a.key.map { key in b.key.map { key.isCompatible(with: $0) } ?? false } ?? true
            #expect(isFit != new.broken.contains(.keys))
            #expect(Set(a.artistIDs).isDisjoint(with: b.artistIDs) || new.broken.contains(.artistGap))
        }
        #expect(steps.count { $0.broken.isEmpty } > 75)
    }

    @Test(
        "It flows: steps are shorter than between tracks of the pool taken at random, and it stays near its beginning")
    func flow() throws {
        let shelf = try Shelf(5000, seed: 6)
        let walk = try Self.walk(shelf, seed: 1)
        let steps = Self.list(walk, 300)
        let pool = try shelf.index.nearest(to: try #require(shelf.vectors[1]), limit: RadioWalk.maxPool)
        let worst = try #require(pool.last?.score)
        #expect(steps.allSatisfy { $0.likeness >= worst })
        let pairs = zip(pool, pool.dropFirst(500)).map { one, other in
            zip(shelf.vectors[one.id] ?? [], shelf.vectors[other.id] ?? []).reduce(Float(0)) { $0 + $1.0 * $1.1 }
        }
        let random = pairs.reduce(0, +) / Float(pairs.count)
        let flowing = steps.compactMap(\.step)
        #expect(flowing.reduce(0, +) / Float(flowing.count) > random + 0.1)
    }

    @Test("An empty pool plays nothing, a pool of one that one again and again")
    func tiny() throws {
        var shelf = Shelf(dimension: 2)
        try shelf.put(1, Shelf.facts(artist: 1), [1, 0])
        let steps = Self.list(try Self.walk(shelf, seed: 1), 3)
        #expect(steps.map(\.id) == [1, 1, 1])
        let empty = PointCloud([], dimension: 2, vector: { _ in nil })
        var walk = RadioWalk(
            cloud: empty, anchor: [1, 0], table: shelf.table, rules: .radio, seed: 1, position: 0, recent: [],
            previous: nil)
        #expect(walk.next() == nil)
    }

    @Test(
        "A radio of a small library does not reach all of it",
        arguments: [(10, 50), (400, 100), (4000, 1000), (9999, 1000)])
    func pool(count: Int, size: Int) {
        #expect(RadioWalk.poolSize(of: count) == size)
    }
}
