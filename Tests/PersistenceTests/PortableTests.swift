import Contracts
import Domain
import Logging
import Similarity
import Synchronization
import Testing
import UseCases

@testable import Persistence

@Suite("What was heard goes from one library to another")
struct PortableTests {
    private static func index(_ feed: VectorFeed) async throws -> VectorIndex {
        try await feed.keepUp()
        return feed.index
    }

    private static func key(_ number: Int) -> String { Hex.encode([UInt8](repeating: UInt8(number), count: 32)) }

    private static func library(_ engine: Engine, songs: Int = 6) async throws -> CatalogueBench {
        let bench = try await CatalogueBench(engine)
        for number in 0..<songs { bench.put("/music/\(number).flac", content: key(number)) }
        return bench
    }

    private static func export(_ bench: CatalogueBench) async throws -> [String] {
        var text = ""
        _ = try await PortableExport(store: bench.catalogue).run { text += $0 }
        return text.split(separator: "\n").map(String.init)
    }

    @discardableResult
    private static func take(
        _ lines: [String?], into bench: CatalogueBench, dimensions: [String: Int] = [:]
    ) async throws -> PortableImport.Report {
        var portable = PortableImport(store: bench.catalogue, dimensions: dimensions, clock: { 77 })
        for line in lines { try await portable.take(line) }
        try await portable.finish()
        return portable.report
    }

    @Test(
        "A library that was heard elsewhere is not heard again, between any two engines", arguments: Engine.available,
        Engine.available)
    func carried(from: Engine, to: Engine) async throws {
        let (old, new) = (try await Self.library(from), try await Self.library(to))
        try await old.scan()
        let lines = try await Self.export(old)
        #expect(lines.count == 8)
        let report = try await Self.take(lines, into: new)
        #expect(report.isComplete && report.badLines.isEmpty && report.stale == 0)
        #expect(report.records == 6 && report.counts.analysesAdded == 6 && report.counts.vectorsAdded == 6)
        let scan = try await new.scan()
        #expect(scan.progress.cached == 6 && scan.progress.vectorized == 6)
        let heardAt = try await new.database.read { connection in
            try connection.all("SELECT analyzed_at FROM analysis") { $0.int(0) }
        }
        #expect(heardAt == Array(repeating: 77, count: 6), "none was heard again")
        let track = try #require(try await new.track("/music/3.flac"))
        #expect(track.hasVector && track.analysis?.details == CatalogueBench.details)
        #expect(try await Self.export(new) == lines)
        let again = try await Self.take(lines, into: new)
        #expect(again.counts.analysesKnown == 6 && again.counts.vectorsKnown == 6)
        #expect(again.counts.analysesAdded == 0 && again.counts.vectorsAdded == 0 && again.counts.tracks == 0)
    }

    @Test("Tracks that are there already get their vectors, and the feed tells", arguments: Engine.available)
    func tracksFirst(engine: Engine) async throws {
        let (old, new) = (try await Self.library(engine), try await Self.library(engine))
        try await old.scan()
        try await new.scan(until: .analysis)
        let feed = VectorFeed(
            catalogue: new.catalogue, model: "acoustic-v1", dimension: 2, logger: Logger(label: "portable"))
        #expect(try await Self.index(feed).count == 0)
        let report = try await Self.take(try await Self.export(old), into: new)
        #expect(report.counts.tracks == 6 && report.counts.analysesKnown == 6)
        #expect(try await Self.index(feed).count == 6)
        let pending = try await new.database.read { connection in
            try connection.first("SELECT COUNT(*) FROM track WHERE pending IS NOT NULL") { $0.int(0) } ?? nil
        }
        #expect(pending == 0)
    }

    @Test("More recordings than are read or written at once come along whole", arguments: Engine.available)
    func many(engine: Engine) async throws {
        let (old, new) = (try await CatalogueBench(engine), try await CatalogueBench(engine))
        let records = (0..<501).map { number in
            let key = Hex.encode((0..<32).map { UInt8(truncatingIfNeeded: number >> ($0 % 2 * 8)) })
            let versions = number.isMultiple(of: 7) ? ["ear-2", "ear-3"] : ["ear-3"]
            return PortableRecord(
                contentKey: key,
                analyses: versions.map { version in
                    AudioAnalysis(
                        contentKey: key, version: version, status: .complete, durationMs: number, sampleRate: 44100,
                        channels: 2)
                },
                vectors: ["a", "b"].prefix(number % 3).map {
                    .init(model: $0, vector: PackedFloats(number.isMultiple(of: 2) ? [0.6, 0.8] : [1, 0]))
                })
        }
        _ = try await old.catalogue.addPortable(records, now: 1)
        let lines = try await Self.export(old)
        #expect(lines.count == 503)
        let report = try await Self.take(lines, into: new)
        #expect(report.records == 501 && report.isComplete)
        #expect(try await Self.export(new) == lines)
        let read = try await new.catalogue.portableRecords(after: "", limit: 1000)
        #expect(Set(read) == Set(records))
    }

    @Test("Long lines are kept before many of them are in memory")
    func longLines() async throws {
        let (old, new) = (try await Self.library(.sqlite), try await Self.library(.sqlite))
        try await old.scan()
        let lines = try await Self.export(old)
        let store = BatchSizes(new.catalogue)
        var portable = PortableImport(store: store, dimensions: [:], clock: { 77 })
        let padding = String(repeating: " ", count: 3 << 20)
        for (number, line) in lines.enumerated() {
            try await portable.take((1...6).contains(number) ? String(line.dropLast()) + padding + "}" : line)
        }
        try await portable.finish()
        #expect(store.sizes == [3, 3] && portable.report.records == 6 && portable.report.isComplete)
    }

    @Test("Bad lines are passed over and told with their numbers; the others are kept", arguments: Engine.available)
    func badLines(engine: Engine) async throws {
        let (old, new) = (try await Self.library(engine), try await Self.library(engine))
        try await old.scan()
        var lines: [String?] = try await Self.export(old)
        let good = try #require(lines[2])
        lines[1] = "no JSON"
        lines[3] = good.replacing("content_key", with: "content")
        lines[4] = nil
        lines.insert(good.replacing(Self.key(1), with: "x"), at: 5)
        let report = try await Self.take(lines, into: new)
        #expect(report.badLines.map(\.line) == [2, 4, 5, 6])
        #expect(report.badLines.allSatisfy { !$0.reason.isEmpty })
        #expect(report.records == 3 && report.counts.vectorsAdded == 3)
        #expect(!report.isComplete, "one line more than the last one tells")
    }

    @Test("A vector of another length than its model has is refused with both numbers", arguments: Engine.available)
    func dimension(engine: Engine) async throws {
        let (old, new) = (try await Self.library(engine, songs: 1), try await Self.library(engine))
        try await old.scan()
        let report = try await Self.take(try await Self.export(old), into: new, dimensions: ["acoustic-v1": 126])
        let reason = try #require(report.badLines.first?.reason)
        #expect(reason.contains("126") && reason.contains("2"))
        #expect(report.records == 0 && report.isComplete)
    }

    @Test("What is no such file, or of a newer kind, is refused before anything is kept", arguments: Engine.available)
    func refused(engine: Engine) async throws {
        let bench = try await Self.library(engine)
        for lines in [[], [""], ["path,v1,v2"], ["{\"format\":\"other\",\"version\":1}"], [nil]] as [[String?]] {
            await #expect(throws: PortableImport.Refusal.noPortableFile) { try await Self.take(lines, into: bench) }
        }
        let newer = ContractJSON.encode(PortableHeader(version: 2))
        await #expect(throws: PortableImport.Refusal.newer(version: 2)) { try await Self.take([newer], into: bench) }
        let header = ContractJSON.encode(PortableHeader())
        await #expect(throws: PortableImport.Refusal.self) {
            try await Self.take([header] + Array(repeating: "bad", count: PortableImport.maxBadLines), into: bench)
        }
        let cut = try await Self.take([header], into: bench)
        #expect(!cut.isComplete && cut.records == 0)
    }
}

/// A store that remembers how many records it was given at once.
private final class BatchSizes: PortableStore {
    private let base: any PortableStore
    private let counts = Mutex<[Int]>([])

    init(_ base: any PortableStore) {
        self.base = base
    }

    var sizes: [Int] { counts.withLock { $0 } }

    func portableRecords(after contentKey: String, limit: Int) async throws -> [PortableRecord] {
        try await base.portableRecords(after: contentKey, limit: limit)
    }

    func addPortable(_ records: [PortableRecord], now: Int64) async throws -> PortableCounts {
        counts.withLock { $0.append(records.count) }
        return try await base.addPortable(records, now: now)
    }
}
