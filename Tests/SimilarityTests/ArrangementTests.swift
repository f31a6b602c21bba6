import Domain
import Testing

@testable import Similarity

@Suite struct ArrangementTests {
    /// Tracks in the order of likeness, by artist and album.
    private static func shelf(_ tracks: [(artist: Int64, album: Int64?)]) throws -> Shelf {
        var shelf = Shelf(dimension: 2)
        for (index, track) in tracks.enumerated() {
            try shelf.put(
                Int64(index + 1), Shelf.facts(artist: track.artist, album: track.album),
                [1 - Float(index) / 100, 0])
        }
        return shelf
    }

    private static func arrange(
        _ shelf: Shelf, _ limit: Int, _ edit: (inout SimilarityRules) -> Void
    ) async throws -> [Arrangement.Pick] {
        var rules = SimilarityRules()
        edit(&rules)
        let gate = FactsGate(table: shelf.table, filter: SimilarityFilter(), genreIDs: nil, rules: rules)
        return try await SimilarList.find(limit: limit, table: shelf.table, rules: rules) { count in
            try shelf.index.nearest(to: [1, 0], limit: count, where: gate.admits)
        }
        .map(\.pick)
    }

    @Test("Without rules the order is that of likeness")
    func plain() async throws {
        let picks = try await Self.arrange(try Self.shelf([(1, 1), (1, 1), (1, 1)]), 2) { _ in }
        #expect(picks.map(\.rank) == [0, 1] && picks.allSatisfy { $0.movedBy == nil && $0.broken.isEmpty })
    }

    @Test("Tracks of one artist are moved apart, and say so")
    func artistGap() async throws {
        let shelf = try Self.shelf([(1, nil), (1, nil), (1, nil), (2, nil), (3, nil), (4, nil), (5, nil)])
        let picks = try await Self.arrange(shelf, 7) { $0.artistGap = 2 }
        #expect(picks.map(\.rank) == [0, 3, 4, 1, 5, 6, 2])
        #expect(picks.map(\.movedBy) == [nil, nil, nil, .artistGap, nil, nil, .artistGap])
        #expect(picks.allSatisfy { $0.broken.isEmpty })
    }

    @Test("What nothing can keep is broken rather than leave the list short, and says so")
    func broken() async throws {
        let shelf = try Self.shelf([(1, 1), (1, 1), (2, 1)])
        let picks = try await Self.arrange(shelf, 3) { ($0.artistGap, $0.albumGap) = (1, 2) }
        #expect(picks.map(\.rank) == [0, 1, 2])
        #expect(picks.map(\.broken) == [[], [.artistGap], [.albumGap]])
        #expect(picks.allSatisfy { $0.movedBy == nil }, "none stands lower than its rank")
    }

    @Test("At most so many of one artist or album, counted for each artist of a track")
    func most() async throws {
        var shelf = try Self.shelf([(1, 1), (1, 2), (1, 3), (2, 3), (2, 3)])
        try shelf.put(6, Shelf.facts { $0.artistIDs = [3, 1] }, [0.5, 0])
        #expect(try await Self.arrange(shelf, 9) { $0.maxPerArtist = 2 }.map(\.rank) == [0, 1, 3, 4])
        #expect(try await Self.arrange(shelf, 9) { $0.maxPerAlbum = 1 }.map(\.rank) == [0, 1, 2, 5])
    }

    @Test("One recording comes once, by content or by name and length; other lengths are other recordings")
    func duplicates() async throws {
        var shelf = Shelf(dimension: 2)
        let takes: [(song: UInt64?, content: UInt64?, durationMs: Int?)] = [
            (1, 10, 200_000), (1, 11, 201_900), (1, 12, 204_000), (2, 10, 90_000), (nil, nil, nil), (nil, nil, nil),
            (1, 13, nil),
        ]
        for (index, take) in takes.enumerated() {
            let facts = Shelf.facts {
                $0.recording = RecordingMark(content: take.content, song: take.song)
                $0.durationMs = take.durationMs
            }
            try shelf.put(Int64(index + 1), facts, [1 - Float(index) / 100, 0])
        }
        #expect(try await Self.arrange(shelf, 9) { _ in }.map(\.rank) == [0, 2, 4, 5, 6])
        #expect(try await Self.arrange(shelf, 9) { $0.duplicates = .keep }.map(\.rank) == Array(0..<7))
    }

    @Test("A list is that of the exhaustive ranking, however few candidates were fetched at first", arguments: 0..<10)
    func equalsExhaustive(seed: Int) async throws {
        let shelf = try Shelf(2000, seed: UInt64(seed))
        var random = SplitMix64(seed: UInt64(seed))
        var rules = SimilarityRules()
        (rules.artistGap, rules.albumGap, rules.maxPerArtist) = (Int.random(in: 0...3, using: &random), 5, 4)
        let gate = FactsGate(table: shelf.table, filter: SimilarityFilter(), genreIDs: nil, rules: rules)
        let query = SimilarityBenchmark.unitVector(16, &random)
        let found = try await SimilarList.find(limit: 25, table: shelf.table, rules: rules) { count in
            try shelf.index.nearest(to: query, limit: count, where: gate.admits)
        }
        let all = try shelf.ranking(query)
        var exhaustive = Arrangement(all, table: shelf.table, rules: rules)
        _ = exhaustive.fill(25, isComplete: true)
        #expect(found.map(\.id) == exhaustive.picks.map { all[$0.rank] })
        let artists = found.flatMap { shelf.table[$0.id]?.artistIDs ?? [] }
        #expect(Dictionary(grouping: artists, by: \.self).values.allSatisfy { $0.count <= 4 })
    }
}
