import Domain
import Testing

@testable import Similarity

@Suite struct FactsGateTests {
    /// The rules as a reader would write them down, track by track.
    private static func admits(
        _ facts: TrackFacts, _ filter: SimilarityFilter, genres: Set<Int64>?, seeds: [TrackFacts],
        rules: SimilarityRules
    ) -> Bool {
        if let folder = filter.folder, !folder.contains(facts.folder) { return false }
        if let genres, genres.isDisjoint(with: facts.genreIDs) { return false }
        if filter.yearFrom != nil || filter.yearTo != nil {
            guard let year = facts.year, year >= filter.yearFrom ?? .min, year <= filter.yearTo ?? .max else {
                return false
            }
        }
        if !filter.notArtistIDs.isDisjoint(with: facts.artistIDs + facts.albumArtistIDs) { return false }
        if !filter.excluded.isDisjoint(with: facts.traits) { return false }
        let tempos = seeds.compactMap(\.tempoBpm)
        if let limit = rules.maxTempoJump, !tempos.isEmpty {
            guard let tempo = facts.tempoBpm,
                tempos.contains(where: { TempoJump.percent(from: $0, to: tempo) <= Double(limit) })
            else { return false }
        }
        let keys = seeds.compactMap(\.key)
        if rules.keys == .compatible, !keys.isEmpty {
            guard let key = facts.key, keys.contains(where: { $0.isCompatible(with: key) }) else { return false }
        }
        guard rules.duplicates == .leaveOut else { return true }
        return !seeds.contains { isSame($0, facts) }
    }

    private static func isSame(_ one: TrackFacts, _ other: TrackFacts) -> Bool {
        if one.recording.content == other.recording.content { return true }
        return one.recording.song == other.recording.song
            && abs((one.durationMs ?? 0) - (other.durationMs ?? 0)) <= RecordingMark.durationToleranceMs
    }

    @Test("Filters inside the scan answer what filtering an exhaustive scan afterwards does", arguments: 0..<40)
    func equalsFilterAfterwards(seed: Int) throws {
        let shelf = try Shelf(600, seed: UInt64(seed))
        var random = SplitMix64(seed: UInt64(seed + 1000))
        var (filter, rules) = (SimilarityFilter(), SimilarityRules())
        var genres: Set<Int64>?
        if Bool.random(using: &random) {
            filter.folder = FilePath(["/music", "/music/1", "/mus"].randomElement(using: &random) ?? "")
        }
        if Bool.random(using: &random) { filter.yearFrom = Int.random(in: 1960...2000, using: &random) }
        if Bool.random(using: &random) { filter.yearTo = Int.random(in: 1980...2020, using: &random) }
        if Bool.random(using: &random) { filter.notArtistIDs = [Int64.random(in: 1...12, using: &random), 11] }
        if Bool.random(using: &random) { filter.excluded = [.live, .explicit] }
        if Bool.random(using: &random) { genres = [Int64.random(in: 1...3, using: &random)] }
        if Bool.random(using: &random) { rules.maxTempoJump = Int.random(in: 0...20, using: &random) }
        if Bool.random(using: &random) { rules.keys = .compatible }
        if Bool.random(using: &random) { rules.duplicates = .keep }
        let seeds = Set((0..<2).map { _ in Int64.random(in: 1...600, using: &random) })
        let gate = FactsGate(
            table: shelf.table, filter: filter, genreIDs: genres, rules: rules, seeds: seeds, excluding: [5],
            follows: true)
        let query = SimilarityBenchmark.unitVector(16, &random)
        let found = try shelf.index.nearest(to: query, limit: 50, where: gate.admits).map(\.id)
        let seedFacts = seeds.compactMap { shelf.table[$0] }
        let expected = try shelf.ranking(query).filter { id in
            guard let facts = shelf.table[id], !seeds.contains(id), id != 5 else { return false }
            return Self.admits(facts, filter, genres: genres, seeds: seedFacts, rules: rules)
        }
        #expect(found == Array(expected.prefix(50)))
    }

    @Test("Tempo and key bind nothing when no seed has them, nor when a list is to follow itself")
    func unbound() throws {
        var shelf = Shelf(dimension: 2)
        try shelf.put(1, Shelf.facts(), [1, 0])
        try shelf.put(2, Shelf.facts { ($0.tempoBpm, $0.key) = (100, CamelotKey("C major")) }, [1, 0])
        try shelf.put(3, Shelf.facts { ($0.tempoBpm, $0.key) = (133, CamelotKey("F# major")) }, [1, 0])
        var rules = SimilarityRules()
        (rules.maxTempoJump, rules.keys) = (5, .compatible)
        func admitted(_ seed: Int64, follows: Bool = true) -> [Int64] {
            let gate = FactsGate(
                table: shelf.table, filter: SimilarityFilter(), genreIDs: nil, rules: rules, seeds: [seed],
                follows: follows)
            return [1, 2, 3].filter(gate.admits)
        }
        #expect(admitted(1) == [2, 3])
        #expect(admitted(2) == [], "what has no tempo does not fit one that has")
        #expect(admitted(2, follows: false) == [1, 3])
    }

    @Test("A track whose facts went between two looks is not admitted")
    func gone() throws {
        let gate = FactsGate(
            table: FactsTable(), filter: SimilarityFilter(), genreIDs: nil, rules: SimilarityRules())
        #expect(!gate.admits(1))
    }
}
