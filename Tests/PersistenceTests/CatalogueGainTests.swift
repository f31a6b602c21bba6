import Domain
import Testing
import UseCases

@testable import Persistence

@Suite("ReplayGain of albums")
struct CatalogueGainTests {
    /// So many blocks of 400 ms in the bin from `lufs` on.
    private static func blocks(_ count: UInt32, lufs: Double) -> [UInt32] {
        var counts = [UInt32](repeating: 0, count: 1000)
        counts[Int(((lufs + 70) * 10).rounded())] = count
        return counts
    }

    private static func bench(_ engine: Engine) async throws -> CatalogueBench {
        let bench = try await CatalogueBench(engine)
        for name in ["loud", "quiet"] { bench.put("/music/\(name).flac", content: name) { $0.album = "One" } }
        bench.sounds["loud"] = (blocks(100, lufs: -10), 0)
        bench.sounds["quiet"] = (blocks(300, lufs: -35), -20)
        return bench
    }

    private static func albums(_ bench: CatalogueBench) async throws -> [Album] {
        try await bench.catalogue.albums(artistID: nil, page: PageRequest()).items
    }

    @Test("An album's blocks are gated together, its peak is the largest", arguments: Engine.available)
    func album(engine: Engine) async throws {
        let bench = try await Self.bench(engine)
        try await bench.scan()
        let album = try #require(try await Self.albums(bench).first)
        let gain = try #require(album.measuredGain)
        // The quiet track lies under the gate: were it averaged in, the gain would be larger.
        #expect(abs(try #require(gain.albumGainDb) + 8) < 0.06)
        #expect(gain.albumPeak == 1)
        #expect(gain.trackGainDb == nil)
        #expect(try await bench.catalogue.album(id: album.id) == album)
        let quiet = try #require(try await bench.track("/music/quiet.flac"))
        #expect(quiet.measuredGain?.albumGainDb == gain.albumGainDb)
        #expect(quiet.measuredGain?.trackPeak == 0.1)
        #expect(try await bench.catalogue.track(id: quiet.id).measuredGain == quiet.measuredGain)
        #expect(try await bench.catalogue.search("quiet", limit: 1).first?.measuredGain == quiet.measuredGain)
    }

    @Test("An album has no gain before all its tracks were heard with a histogram", arguments: Engine.available)
    func partly(engine: Engine) async throws {
        let bench = try await Self.bench(engine)
        try await bench.walkAndIndexOnly()
        #expect(try await Self.albums(bench).first?.measuredGain == nil)
        #expect(try await bench.track("/music/loud.flac")?.measuredGain == nil)
        bench.sounds["quiet"] = (nil, -20)
        try await bench.scan(mode: .full)
        #expect(try await Self.albums(bench).first?.measuredGain == nil)
        let loud = try #require(try await bench.track("/music/loud.flac")?.measuredGain)
        #expect(loud.trackPeak == 1)
        #expect(loud.albumGainDb == nil && loud.albumPeak == nil)
    }

    @Test("A missing file is no part of the album any more", arguments: Engine.available)
    func missing(engine: Engine) async throws {
        let bench = try await Self.bench(engine)
        for number in 0..<8 { bench.put("/music/\(number).flac") }
        try await bench.scan()
        bench.disk["/music/loud.flac"] = nil
        try await bench.scan()
        let album = try #require(try await Self.albums(bench).first { $0.title == "One" })
        #expect(abs(try #require(album.measuredGain?.albumGainDb) - 17) < 0.06)
    }
}

extension CatalogueBench {
    /// As after a scan that was cut off before anything was heard.
    fileprivate func walkAndIndexOnly() async throws {
        for task in try await walk().tasks {
            guard let outcome = try await outcome(of: task) else { continue }
            _ = try await apply([(task.payload, outcome, nil)])
        }
    }
}
