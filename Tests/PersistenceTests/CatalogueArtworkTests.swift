import Contracts
import Domain
import Testing
import UseCases

@testable import Persistence

/// Fetched fronts: for albums without a picture only, kept once, gone with their album.
struct CatalogueArtworkTests {
    private static let own = CoverImage(hash: "own", mediaType: "image/png", data: [1])
    private static let fetched = CoverImage(hash: "fetched", mediaType: "image/jpeg", data: [2])

    private func stores(_ bench: CatalogueBench) throws -> Stores {
        try Stores(database: bench.database, lockFolder: nil, clock: { 5_000_000 })
    }

    private func put(_ bench: CatalogueBench, _ path: String, _ album: String, cover: CoverImage? = nil) {
        bench.put(path, cover: cover) { metadata in
            metadata.album = album
            metadata.albumArtists = ["Marled Field"]
            metadata.artists = ["Marled Field"]
            metadata.musicBrainz.releaseGroup = "3ffdb73e-b9b0-49e4-92c7-a4d8ae9e9fbd"
        }
    }

    private func album(_ bench: CatalogueBench, _ title: String) async throws -> Album {
        let albums = try await bench.catalogue.albums(artistID: nil, page: PageRequest(limit: 50)).items
        return try #require(albums.first { $0.title == title })
    }

    private func find(_ bench: CatalogueBench, _ id: Int64, _ cover: CoverImage = fetched) async throws {
        let outcome = ArtworkFoundOutcome(
            albumID: id, cover: cover, source: "coverart", address: "https://x/1", width: 3, height: 3)
        _ = try await bench.apply([(.downloadArtwork(DownloadArtworkPayload(albumID: id)), .artworkFound(outcome), nil)]
        )
    }

    private func isSound(_ bench: CatalogueBench) async throws -> Bool {
        try await DatabaseAudit(database: bench.database).run().allSatisfy { $0.verdict != .problem }
    }

    @Test("An album without a picture is queued once, with all that services want to know", arguments: Engine.available)
    func queued(engine: Engine) async throws {
        let bench = try await CatalogueBench(engine)
        put(bench, "/music/A/CD1/a.flac", "A")
        put(bench, "/music/A/CD2/b.flac", "A")
        put(bench, "/music/B/c.flac", "B", cover: Self.own)
        try await bench.scan()
        _ = try await bench.database.write {
            try $0.execute("INSERT INTO library_root (path, created_at) VALUES (\(Array("/music".utf8)), 1)")
        }
        let stores = try stores(bench)
        let id = try await album(bench, "A").id
        let step = try await stores.artwork.queueMissing(after: 0, since: 0, limit: 10)
        #expect(step == (id, 1))
        #expect(try await stores.artwork.queueMissing(after: 0, since: 0, limit: 10) == (id, 0), "it waits already")
        #expect(try await stores.artwork.queueMissing(after: id, since: 0, limit: 10) == (nil, 0))
        let task = try #require(
            try await stores.tasks.tasks(TaskFilter(kind: .downloadArtwork), page: PageRequest()).items.first)
        #expect(task.priority == .low && task.kind.role == .downloader)
        guard
            case .downloadArtwork(let payload) = try TaskPayload.decode(kind: task.kind, version: 1, json: task.payload)
        else { return }
        #expect(payload.title == "A" && payload.artist == "Marled Field" && payload.trackCount == 2)
        #expect(payload.releaseGroupID == "3ffdb73e-b9b0-49e4-92c7-a4d8ae9e9fbd")
        #expect(payload.folders?.map(\.display) == ["/music/A", "/music/A/CD1", "/music/A/CD2"])
        #expect(payload.rootPath == FilePath("/music"))
        let asked = try await stores.tasks.submit(
            NewTask(
                payload: .downloadArtwork(DownloadArtworkPayload(albumID: id)), priority: .high,
                dedupeKey: payload.dedupeKey), idempotencyKey: nil)
        #expect(asked.id == task.id && asked.priority == .high, "who asks lifts the task that waits")
        let owner = try await album(bench, "B").id
        await #expect(throws: StoreError.self) {
            try await stores.tasks.submit(
                NewTask(payload: .downloadArtwork(DownloadArtworkPayload(albumID: owner)), priority: .high),
                idempotencyKey: nil)
        }
    }

    @Test(
        "A fetched picture is kept once for all albums, and the same result twice changes nothing",
        arguments: Engine.available)
    func kept(engine: Engine) async throws {
        let bench = try await CatalogueBench(engine)
        put(bench, "/music/A/a.flac", "A")
        put(bench, "/music/B/b.flac", "B")
        try await bench.scan()
        for title in ["A", "B", "A"] { try await find(bench, try await album(bench, title).id) }
        #expect(try await album(bench, "A").coverHash == "fetched")
        #expect(try await bench.catalogue.totals().covers == 1)
        #expect(try await isSound(bench))
        let other = CoverImage(hash: "other", mediaType: "image/png", data: [3])
        try await find(bench, try await album(bench, "A").id, other)
        try await find(bench, try await album(bench, "B").id, other)
        #expect(try await bench.catalogue.totals().covers == 1, "nobody shows the first one any more")
        #expect(try await bench.catalogue.cover(hash: "other").data == [3])
        #expect(try await isSound(bench))
    }

    @Test("A picture of the files is never replaced, whichever came first", arguments: Engine.available)
    func own(engine: Engine) async throws {
        let bench = try await CatalogueBench(engine)
        put(bench, "/music/A/a.flac", "A", cover: Self.own)
        put(bench, "/music/B/b.flac", "B")
        try await bench.scan()
        try await find(bench, try await album(bench, "A").id)
        #expect(try await album(bench, "A").coverHash == "own")
        try await find(bench, try await album(bench, "B").id)
        let fetched = try await album(bench, "B")
        #expect(fetched.coverHash == "fetched")
        #expect(fetched.coverOrigin == CoverOrigin(source: "coverart", address: "https://x/1"))
        #expect(try await bench.catalogue.album(id: fetched.id).coverOrigin == fetched.coverOrigin)
        put(bench, "/music/B/c.flac", "B", cover: Self.own)
        try await bench.scan()
        #expect(try await album(bench, "B").coverHash == "own")
        #expect(try await album(bench, "B").coverOrigin == .files)
        #expect(try await album(bench, "B").coverSearch == nil)
        #expect(try await isSound(bench))
    }

    @Test("That nobody has one is remembered for its time, and takes no picture away", arguments: Engine.available)
    func absent(engine: Engine) async throws {
        let bench = try await CatalogueBench(engine)
        put(bench, "/music/A/a.flac", "A")
        put(bench, "/music/B/b.flac", "B")
        try await bench.scan()
        let (a, b) = (try await album(bench, "A").id, try await album(bench, "B").id)
        try await find(bench, b)
        for id in [a, b] {
            let absent = Outcome.artworkAbsent(ArtworkAbsentOutcome(albumID: id, problems: ["Last.fm: no"]))
            _ = try await bench.apply([(.downloadArtwork(DownloadArtworkPayload(albumID: id)), absent, nil)])
        }
        #expect(try await album(bench, "B").coverHash == "fetched")
        #expect(try await album(bench, "A").coverSearch == CoverSearch(checkedAt: bench.now, problems: ["Last.fm: no"]))
        let stores = try stores(bench)
        #expect(try await stores.artwork.queueMissing(after: 0, since: bench.now - 1, limit: 10) == (nil, 0))
        #expect(try await stores.artwork.queueMissing(after: 0, since: bench.now, limit: 10) == (a, 1), "a month later")
    }

    @Test("A search that failed for good counts as one that found nothing", arguments: Engine.available)
    func dead(engine: Engine) async throws {
        let bench = try await CatalogueBench(engine)
        put(bench, "/music/A/a.flac", "A")
        try await bench.scan()
        let id = try await album(bench, "A").id
        try await bench.database.write { [catalogue = bench.catalogue, now = bench.now] in
            try catalogue.recordDeath(
                of: .downloadArtwork(DownloadArtworkPayload(albumID: id)), failure: Failure(.serviceError, "nonsense"),
                now: now, in: $0)
        }
        #expect(try await stores(bench).artwork.queueMissing(after: 0, since: bench.now - 1, limit: 10) == (nil, 0))
    }

    @Test("With its album the fetched picture goes", arguments: Engine.available)
    func gone(engine: Engine) async throws {
        let bench = try await CatalogueBench(engine)
        put(bench, "/music/A/a.flac", "A")
        try await bench.scan()
        try await find(bench, try await album(bench, "A").id)
        bench.put("/music/A/a.flac", mtime: 2000) { $0.album = "Another" }
        try await bench.scan()
        #expect(try await album(bench, "Another").coverHash == nil)
        #expect(try await album(bench, "Another").coverOrigin == nil)
        #expect(try await bench.catalogue.totals().covers == 0)
        #expect(try await isSound(bench))
    }
}
