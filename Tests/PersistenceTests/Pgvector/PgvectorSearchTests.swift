import Domain
import Similarity
import TestSupport
import Testing
import UseCases

@testable import Persistence

/// The same questions to both kinds of search, over two thousand sounds in forty neighbourhoods.
@Suite("Search by pgvector", .enabled(if: PgvectorServer.isAvailable, "no server with pgvector: see ops/test"))
struct PgvectorSearchTests {
    private static let count = 2000
    private static let dimension = 126

    /// Round centres that are known, as music lies round genres.
    private static func sounds(_ count: Int) -> [[Float]] {
        let (made, own) = (MadeUpVectors(dimension: dimension, seed: 1), MadeUpVectors(dimension: dimension, seed: 2))
        return (0..<count).map { number in
            let sum = zip(made[number % 40], own[number]).map { $0 + $1 * 0.8 }
            let length = sum.reduce(0) { $0 + $1 * $1 }.squareRoot()
            return sum.map { $0 / length }
        }
    }

    private struct Pair {
        let library: PgvectorLibrary
        let memory: SimilarTracks
        let searched: SimilarTracks

        init(_ server: PgvectorServer) async throws {
            library = try await PgvectorLibrary(server, dimension: dimension)
            try await library.fill(sounds(count))
            let catalogue = library.bench.catalogue
            memory = SimilarTracks(catalogue: catalogue, model: "acoustic-v1", dimension: dimension)
            searched = SimilarTracks(catalogue: catalogue, vectors: library.vectors)
            try await searched.prepare()
        }

        func copied() async throws {
            _ = try await library.vectors.fill()
        }

        func indexed() async throws {
            try await until("the index is built", .seconds(60)) {
                try await searched.keepUp()
                return library.events.contains { if case .indexed = $0 { true } else { false } }
            }
            try await searched.keepUp()
            #expect(try await library.vectors.current().isIndexed)
        }
    }

    private static func questions() -> [SimilarQuestion] {
        stride(from: Int64(1), through: 1900, by: 95).flatMap { seed in
            let plain = SimilarQuestion(SimilarityTarget(plus: [.track(seed)]), limit: 20)
            var (years, rare, mixed) = (plain, plain, plain)
            (years.filter.yearFrom, years.filter.yearTo) = (1900, 1949)
            (rare.filter.yearFrom, rare.filter.yearTo) = (1907, 1907)
            mixed.target = SimilarityTarget(plus: [.track(seed), .track(seed + 40)])
            mixed.target.minus = [.track(seed + 3)]
            return [plain, years, rare, mixed]
        }
    }

    private static func year(_ track: Track) -> Int { 1900 + Int(track.id - 1) % 100 }

    /// Where two lists part, the scores must be the same but for what both round.
    private static func agree(_ one: [SimilarTrack], _ other: [SimilarTrack]) -> Bool {
        one.count == other.count
            && zip(one, other).allSatisfy { abs($0.score - $1.score) < 3e-4 }
    }

    @Test("Without an index the answers are those of the index in memory", arguments: PgvectorServer.available)
    func exact(server: PgvectorServer) async throws {
        let pair = try await Pair(server)
        try await pair.copied()
        for question in Self.questions() {
            let (mine, theirs) = (try await pair.memory.similar(question), try await pair.searched.similar(question))
            #expect(mine.count == 20 && Self.agree(mine, theirs))
            #expect(Set(mine.map(\.track.id)).intersection(theirs.map(\.track.id)).count >= 19)
        }
    }

    @Test("With the index nearly all are found, and no filter is bent", arguments: PgvectorServer.available)
    func indexed(server: PgvectorServer) async throws {
        let pair = try await Pair(server)
        try await pair.indexed()
        var (found, wanted) = (0, 0)
        for question in Self.questions() {
            let mine = try await pair.memory.similar(question).map(\.track)
            let theirs = try await pair.searched.similar(question).map(\.track)
            #expect(theirs.count == mine.count)
            let years = (question.filter.yearFrom ?? 0)...(question.filter.yearTo ?? 9999)
            #expect(theirs.allSatisfy { years.contains(Self.year($0)) })
            found += Set(mine.map(\.id)).intersection(theirs.map(\.id)).count
            wanted += mine.count
        }
        #expect(Double(found) / Double(wanted) >= 0.98, "\(found) of \(wanted)")
    }

    @Test("Paths and radios are the same kind of lists as from memory", arguments: PgvectorServer.available)
    func flows(server: PgvectorServer) async throws {
        let pair = try await Pair(server)
        try await pair.indexed()
        let path = PathQuestion(from: 1, to: 22, length: 8)
        let (mine, theirs) = (try await pair.memory.path(path), try await pair.searched.path(path))
        #expect(theirs.count == 8 && theirs.first?.track.id == 1 && theirs.last?.track.id == 22)
        #expect(Set(mine.map(\.track.id)).intersection(theirs.map(\.track.id)).count >= 6)
        var radio = RadioQuestion(SimilarityTarget(plus: [.track(5)]), place: RadioPlace(seed: 3), limit: 30)
        radio.filter.yearFrom = 1950
        let (first, again) = (try await pair.searched.radio(radio), try await pair.searched.radio(radio))
        #expect(first.items.count == 30 && first.items.map(\.track.id) == again.items.map(\.track.id))
        #expect(first.items.allSatisfy { Self.year($0.track) >= 1950 })
    }
}
