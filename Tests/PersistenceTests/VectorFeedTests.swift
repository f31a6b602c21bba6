import Contracts
import Domain
import Logging
import Similarity
import Testing
import UseCases

@testable import Persistence

@Suite("The feed of vectors")
struct VectorFeedTests {
    private static func index(_ feed: VectorFeed) async throws -> VectorIndex {
        try await feed.keepUp()
        return feed.index
    }

    private static func feed(_ bench: CatalogueBench, dimension: Int = 2) -> VectorFeed {
        var logger = Logger(label: "feed-tests")
        logger.logLevel = .critical
        return VectorFeed(catalogue: bench.catalogue, model: "acoustic-v1", dimension: dimension, logger: logger)
    }

    private static func settle(_ bench: CatalogueBench, _ track: Track, _ vector: [Float]) async throws {
        let key = try #require(track.analysis?.contentKey)
        let outcome = VectorCompleteOutcome(
            trackID: track.id, contentKey: key, model: "acoustic-v1", vector: PackedFloats(vector))
        let payload = VectorizeTrackPayload(
            trackID: track.id, model: "acoustic-v1", scanID: nil, contentKey: key, features: nil)
        _ = try await bench.apply([(.vectorizeTrack(payload), .vectorComplete(outcome), nil)])
    }

    @Test(
        "What any process commits is in the next copy of the index, and what goes is not", arguments: Engine.available)
    func follows(engine: Engine) async throws {
        let bench = try await CatalogueBench(engine)
        let (feed, other) = (Self.feed(bench), Self.feed(bench))
        #expect(try await Self.index(feed).count == 0)
        for number in 0..<5 { bench.put("/music/\(number).flac") }
        try await bench.scan()
        let before = try await Self.index(feed)
        #expect(before.count == 5)
        let track = try #require(try await bench.track("/music/3.flac"))
        try await Self.settle(bench, track, [1, 0])
        #expect(try await Self.index(feed).vector(track.id) == [1, 0])
        #expect(before.vector(track.id) != [1, 0], "a copy is searched as it was")
        bench.disk.removeValue(forKey: "/music/3.flac")
        try await bench.scan()
        let after = try await Self.index(feed)
        #expect(after.count == 4 && !after.contains(track.id))
        #expect(try await Self.index(other).count == 4)
    }

    @Test("Many who ask at once while others write all see what was written before", arguments: Engine.available)
    func concurrent(engine: Engine) async throws {
        let bench = try await CatalogueBench(engine)
        for number in 0..<4 { bench.put("/music/\(number).flac") }
        try await bench.scan()
        let feed = Self.feed(bench)
        let track = try #require(try await bench.track("/music/0.flac"))
        for round in 1...20 {
            // Asked while the write may go on: the old vector or the new one.
            async let early = Self.index(feed).count
            try await Self.settle(bench, track, [1, Float(round) / 100])
            let copies = try await withThrowingTaskGroup(of: VectorIndex.self) { group in
                for _ in 0..<8 { group.addTask { try await Self.index(feed) } }
                return try await group.reduce(into: [VectorIndex]()) { $0.append($1) }
            }
            for copy in copies {
                let second = try #require(copy.vector(track.id)?.last)
                #expect(abs(second - Float(round) / 100) < 1e-3)
            }
            #expect(try await early == 4)
        }
    }

    @Test(
        "Vectors of another length and NaN stay out, until the other length is that of the most",
        arguments: Engine.available)
    func lengths(engine: Engine) async throws {
        let bench = try await CatalogueBench(engine)
        for number in 0..<4 { bench.put("/music/\(number).flac") }
        try await bench.scan()
        let feed = Self.feed(bench)
        var tracks: [Track] = []
        for number in 0..<4 { tracks.append(try #require(try await bench.track("/music/\(number).flac"))) }
        try await Self.settle(bench, tracks[0], [1, 0, 0])
        var index = try await Self.index(feed)
        #expect(index.count == 3 && !index.contains(tracks[0].id))
        for track in tracks.dropFirst() { try await Self.settle(bench, track, [1, 0, 0]) }
        index = try await Self.index(feed)
        #expect(index.count == 4 && index.dimension == 3)
    }
}
