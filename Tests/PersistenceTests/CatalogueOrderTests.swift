import Contracts
import Domain
import Testing
import UseCases

@testable import Persistence

@Suite("The catalogue does not depend on the order of work")
struct CatalogueOrderTests {
    @Test(
        "Indexing any file in any order, in any batches, or again gives the same catalogue",
        arguments: Engine.available, 0..<12)
    func order(engine: Engine, seed: UInt64) async throws {
        var random = SplitMix64(seed: seed)
        let outcomes = Self.library(&random)
        let plain = try await Self.catalogue(of: outcomes, engine, &random)
        let shuffled = try await Self.catalogue(of: (outcomes + outcomes).shuffled(using: &random), engine, &random)
        #expect(Set(plain).symmetricDifference(shuffled).sorted() == [])
        #expect(plain.count == shuffled.count)
        #expect(plain.count > 50)
    }

    @Test("When every file is given other tags, nothing of the old ones is left", arguments: Engine.available)
    func nothingIsLeft(engine: Engine) async throws {
        let bench = try await CatalogueBench(engine)
        for number in 0..<6 {
            bench.put("/music/a/\(number).flac", cover: Self.cover(number % 2)) { metadata in
                (metadata.artists, metadata.album, metadata.genres) = (["Old \(number)"], "Old", ["Old"])
            }
        }
        try await bench.scan()
        for number in 0..<6 {
            bench.put("/music/a/\(number).flac", mtime: 2000) { $0.artists = ["New"] }
        }
        try await bench.scan()
        let dump = try await CatalogueDump.lines(of: bench.database)
        #expect(!dump.contains { $0.contains("Old") })
        let totals = try await bench.catalogue.totals()
        #expect(totals.albums == 0 && totals.covers == 0 && totals.artists == 1)
    }

    private static func catalogue(
        of outcomes: [IndexCompleteOutcome], _ engine: Engine, _ random: inout SplitMix64
    ) async throws -> [String] {
        let bench = try await CatalogueBench(engine)
        var rest = outcomes[...]
        while !rest.isEmpty {
            let batch = rest.prefix(Int.random(in: 1...9, using: &random))
            rest = rest.dropFirst(batch.count)
            _ = try await bench.apply(
                batch.map {
                    let payload = IndexFilePayload(
                        filePath: $0.filePath, rootPath: $0.rootPath, scanID: nil, priority: nil)
                    return (.indexFile(payload), .indexComplete($0), nil)
                })
        }
        return try await CatalogueDump.lines(of: bench.database)
    }

    /// Forty files in few folders, most of them in several versions, with few names so that they meet.
    private static func library(_ random: inout SplitMix64) -> [IndexCompleteOutcome] {
        let folders = ["/music/x", "/music/x/CD1", "/music/x/Disc 2", "/music/y"]
        let artists = ["Björk", "BJÖRK", "Bjo\u{308}rk", "AC/DC", "ac/dc", "Ａ", "A"]
        let id = "0123abcd-0000-4000-8000-0000000000"
        var outcomes: [IndexCompleteOutcome] = []
        for number in 0..<40 {
            for version in 0..<Int.random(in: 1...3, using: &random) {
                var metadata = TrackMetadata()
                metadata.title = "Title \(number) \(version)"
                metadata.artists = (0..<Int.random(in: 0...2, using: &random)).map { _ in pick(artists, &random) }
                if Bool.random(using: &random) { metadata.albumArtists = [pick(artists, &random)] }
                metadata.album = pick(["Debut", "debut", "Post", nil], &random)
                metadata.date = pick(["1993", "1994-05", nil], &random)
                metadata.genres = (0..<Int.random(in: 0...3, using: &random)).map { _ in
                    pick(["Pop", "pop", "Jazz"], &random)
                }
                metadata.isCompilation = Bool.random(using: &random)
                if Int.random(in: 0..<4, using: &random) == 0 { metadata.musicBrainz.release = id + "01" }
                if Int.random(in: 0..<4, using: &random) == 0 { metadata.musicBrainz.artists = [id + "02"] }
                let facts = FileFacts(
                    size: 10, mtimeNs: Int64(1000 + version), inode: Int64(number), device: 1)
                outcomes.append(
                    IndexCompleteOutcome(
                        filePath: FilePath("\(folders[number % folders.count])/\(number).flac"),
                        rootPath: FilePath("/music"), facts: facts, metadata: metadata,
                        properties: AudioProperties(codec: "flac"),
                        cover: pick([cover(0), cover(1), nil], &random)))
            }
        }
        return outcomes
    }

    static func cover(_ number: Int) -> CoverImage {
        CoverImage(hash: "cover \(number)", mediaType: "image/png", data: [UInt8(number), 1, 2])
    }

    private static func pick<Value>(_ values: [Value], _ random: inout SplitMix64) -> Value {
        values[Int.random(in: 0..<values.count, using: &random)]
    }
}
