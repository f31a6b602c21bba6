import Contracts
import Demo
import Domain
import Foundation
import StandIns
import TestSupport
import Testing

/// Covers of albums whose files hold none, from services outside, by real servers and workers.
@Suite(.serialized, .timeLimit(.minutes(4)))
struct FetchedCoverTests {
    private func write(_ tree: Tree, _ folder: String, _ title: String, on album: String, year: String = "1998")
        async throws
    {
        let song = try #require(try await SongShelf.songs().first)
        let bytes = try song.tagged { tags in
            (tags.title, tags.album, tags.date) = (title, album, year)
        }
        try tree.write("\(folder)/01.mp3", bytes)
    }

    private func isNobodyLooking(_ api: Client) async throws -> Bool {
        try await api.list("/v1/tasks?kind=download_artwork").allSatisfy {
            !["ready", "running", "scheduled"].contains($0["state"]?.text)
        }
    }

    @Test("One track of an album finds its cover, by itself; another volume, and an album without, find none")
    func fetched() async throws {
        let lab = try Lab()
        let tree = Tree(lab.music)
        // The service knows it with three tracks, of another year, and without the bracket.
        try await write(tree, "Wheat", "Frost Heave", on: "Winter Wheat (Remastered)")
        try await write(tree, "Wheat 2", "Frost Heave", on: "Winter Wheat, Volume 2")
        let world = try await OutsideWorld([.musicbrainz, .coverart], for: lab) { $0.musicBrainz.perSecond = 1000 }
        let environment = world.environment.merging(["SILLON_MUSICBRAINZ_RATE": "500"]) { $1 }
        let server = try await ServerProcess.start(lab, .up, music: [lab.music], environment: environment)
        try await server.api.allScansEnded()
        let album = try await until("an album has a picture", .seconds(90)) {
            try await server.api.list("/v1/albums").first { $0["cover"]?.text != nil }
        }
        #expect(album["title"]?.text == "Winter Wheat (Remastered)")
        let id = try #require(album["id"]?.int)
        let origin = try await server.api.ask(.get, "/v1/albums/\(id)")["cover_origin"]
        let archive = try #require(world.fleet.servers.first { $0.name == ArchiveService.name })
        #expect(origin?["source"]?.text == "coverart")
        let address = try #require(origin?["address"]?.text)
        #expect(address.hasPrefix("http://127.0.0.1:"))
        #expect(archive.journal.entries.contains { $0.path.hasSuffix("_thumb1200.jpg") && $0.status == 200 })
        for (size, side) in [("", 1200), ("?size=64", 64), ("?size=500", 500)] {
            let answer = try await server.api.send(.get, "/v1/albums/\(id)/cover\(size)")
            #expect(answer.status == 200 && answer.headers["content-type"] == "image/jpeg", "\(side)")
        }
        try await until("nothing is looked for any more") { try await isNobodyLooking(server.api) }
        let without = try await server.api.list("/v1/albums").filter { $0["cover"]?.text == nil }
        #expect(without.map { $0["title"]?.text } == ["Winter Wheat, Volume 2"], "no cover is better than a wrong one")
        #expect(try await server.api.list("/v1/tasks?state=dead").isEmpty)
        let listed = try await lab.run(["covers", "list", "--data", lab.data])
        #expect(listed.exit == .code(0), "\(listed.errors)")
        #expect(listed.output.contains("coverart") && listed.output.contains("nobody has one"), "\(listed.output)")
        #expect(try await server.stop() == .code(0))
        await world.fleet.stop()
    }

    @Test("MusicBrainz is asked by a worker that says whom it can write to; else it says what to set")
    func anonymous() async throws {
        let lab = try Lab()
        try await write(Tree(lab.music), "Wheat", "Frost Heave", on: "Winter Wheat")
        let world = try await OutsideWorld([.musicbrainz, .coverart], for: lab)
        let environment = world.environment.filter { $0.key != "SILLON_CONTACT" }
        let server = try await ServerProcess.start(lab, .up, music: [lab.music], environment: environment)
        let error = try await until("the service is blocked") {
            try await server.api.ask(.get, "/v1/services").items.first { $0["state"]?.text == "blocked" }?["doors"]?
                .list.first?["last_error"]?.text
        }
        #expect(error.contains("SILLON_CONTACT"), "\(error)")
        #expect(try await server.stop() == .code(0))
        await world.fleet.stop()
    }

    /// Requests a second, from all together.
    private static let rate = 2.5
    private static let albums = [
        "Alder", "Birch", "Cedar", "Damson", "Elder", "Fir", "Gorse", "Hazel", "Ivy", "Juniper", "Kale",
        "Larch",
    ]

    @Test("Two workers keep the one quota of MusicBrainz together", arguments: Engine.available)
    func quota(engine: Engine) async throws {
        let lab = try Lab(engine)
        for album in Self.albums { try await write(Tree(lab.music), album, "Frost Heave", on: album) }
        let world = try await OutsideWorld([.musicbrainz, .coverart], for: lab) { $0.musicBrainz.perSecond = 1000 }
        for album in Self.albums {
            var sketch = RecordSketch(album, by: .init("Marled Field"), songs: [.init("Frost Heave", seconds: 6)])
            sketch.coverSeed = UInt64(album.utf8.count)
            world.fleet.catalogue.add(sketch)
        }
        let environment = world.environment.merging(["SILLON_MUSICBRAINZ_RATE": "\(Self.rate)"]) { $1 }
        let server = try await ServerProcess.start(lab, .serve, environment: environment)
        let workers = try ["indexer", "downloader", "downloader"].map { role in
            let place = lab.server == nil ? ["--database", lab.data] : []
            return try lab.start(
                ["worker", "--roles", role] + place,
                environment: environment.merging(lab.databaseVariables) { $1 })
        }
        _ = try await server.api.ask(.post, "/v1/roots", ["path": .string(lab.music)])
        try await server.api.scan(lab.music, until: "index")
        try await until("every album has its cover", .seconds(120)) {
            try await server.api.list("/v1/albums").count { $0["cover"]?.text != nil } == Self.albums.count
        }
        let times = try #require(world.fleet[.musicbrainz]).journal.entries.map(\.time).sorted()
        #expect(times.count >= Self.albums.count)
        // Without a common quota it would be half of this time. A machine under load is slow at the beginning, too.
        let span = try #require(times.last) - times[0]
        #expect(span >= 0.6 * Double(times.count - 1) / Self.rate, "\(times.count) requests in \(span) s")
        for worker in workers { worker.signal(SIGTERM) }
        for worker in workers { #expect(try await worker.waitForExit(.seconds(40)) == .code(0)) }
        #expect(try await server.stop() == .code(0))
        await world.fleet.stop()
    }
}
