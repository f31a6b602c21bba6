import Contracts
import Domain
import Foundation
import TestSupport
import Testing

@testable import Demo

/// Real servers on real folders. Limits are those of a machine under load; how fast it is measures `Benchmarks/watch`.
@Suite("Roots that keep themselves up to date", .serialized, .timeLimit(.minutes(5)))
struct WatchTests {
    fileprivate static let watching = ["SILLON_WATCH": "true"]
    fileprivate static let limit = Duration.seconds(60)

    private struct Watched {
        let lab: Lab
        let tree: Tree
        let songs: [SongShelf.Song]
        var server: ServerProcess

        var api: Client { server.api }

        /// A server that watches six songs, all of them heard; two are in the test's hand.
        init(_ engine: Engine) async throws {
            lab = try Lab(engine)
            tree = Tree(lab.music)
            songs = try await SongShelf.songs()
            for song in songs.dropLast(2) { try tree.write("Shelf/" + song.fileName, song.tagged()) }
            server = try await ServerProcess.start(
                lab, .up, music: [lab.music], environment: WatchTests.watching)
            try await server.api.allScansEnded()
            try await watches()
        }

        func watches(_ folders: Int = 2) async throws {
            let line = "sillon_watch_folders \(folders)"
            try await until("\(folders) folders are watched", WatchTests.limit) { try await metrics().contains(line) }
        }

        func metrics() async throws -> String { try await api.send(.get, "/metrics").body }

        /// Its number, once it is found by its title.
        func found(_ title: String) async throws -> Int64 {
            try await until("\(title) is found", WatchTests.limit) { () -> Int64? in
                try await api.ask(.get, "/v1/search?limit=100&q=" + title).items
                    .first { $0["title"]?.text == title }?["id"]?.int
            }
        }

        func isGone(_ title: String) async throws {
            try await until("\(title) is not found any more", WatchTests.limit) {
                try await !api.search(title).contains(title)
            }
        }

        func isSimilar(_ id: Int64) async throws {
            try await until("similar to others", WatchTests.limit) {
                // Without a vector it is no question.
                let answer = try await api.send(.get, "/v1/tracks/\(id)/similar?limit=100&duplicates=keep")
                guard answer.status == 200, let other = try answer.json.items.first?["track"]?["id"]?.int else {
                    return false
                }
                return try await api.similar(to: other).contains { $0.id == id }
            }
        }
    }

    @Test(
        "A file that is dropped is found and sounds like others; retagged it is the same track; deleted it is gone",
        arguments: Engine.available)
    func file(engine: Engine) async throws {
        let watched = try await Watched(engine)
        let song = watched.songs[7]
        try watched.tree.write("Shelf/" + song.fileName, song.tagged { $0.title = "Dropped" })
        let id = try await watched.found("Dropped")
        try await watched.isSimilar(id)
        // As programs that tag do it: beside the file, and then in its place.
        try watched.tree.write("Shelf/.new", song.tagged { $0.title = "Retagged" })
        try watched.tree.move("Shelf/.new", to: "Shelf/" + song.fileName)
        #expect(try await watched.found("Retagged") == id)
        try await watched.isGone("Dropped")
        try watched.tree.remove("Shelf/" + song.fileName)
        try await watched.isGone("Retagged")
        let scans = try await watched.api.allScansEnded()
        #expect(scans.filter { $0["path"]?.text == watched.lab.music }.count == 1, "only the folder was scanned")
        #expect(try await watched.metrics().contains("sillon_watch_scans_total{cause=\"watch\"}"))
        #expect(try await watched.server.stop() == .code(0))
    }

    @Test(
        "An album that is moved in is found; renamed it keeps its tracks; marked it is left out until it is not",
        arguments: Engine.available)
    func folder(engine: Engine) async throws {
        let watched = try await Watched(engine)
        let outside = Tree(watched.lab.folder + "/outside")
        for (index, song) in watched.songs.suffix(2).enumerated() {
            try outside.write("Album/CD\(index)/" + song.fileName, song.tagged { $0.title = "Side\(index)" })
        }
        try watched.tree.makeFolder(watched.tree.path("Artist"))
        try FileManager.default.moveItem(
            atPath: watched.lab.folder + "/outside/Album", toPath: watched.lab.music + "/Artist/Album")
        let ids = [try await watched.found("Side0"), try await watched.found("Side1")]
        try await watched.watches(6)
        try watched.tree.move("Artist/Album", to: "Renamed")
        try await until("the tracks have moved", Self.limit) {
            let tracks = try await watched.api.tracksByName().values
            return tracks.filter { $0["path"]?.text?.contains("/Renamed/CD") == true }
                .compactMap { $0["id"]?.int }.sorted() == ids.sorted()
        }
        try watched.tree.write("Renamed/.nomedia", [])
        try await watched.isGone("Side0")
        try await watched.isGone("Side1")
        try watched.tree.remove("Renamed/.nomedia")
        let back = [try await watched.found("Side0"), try await watched.found("Side1")]
        #expect(back == ids)
        // Files in a folder of a folder that came with them.
        try watched.tree.write("Deep/er/and/deeper/x.mp3", watched.songs[0].tagged { $0.title = "Buried" })
        _ = try await watched.found("Buried")
        #expect(try await watched.server.stop() == .code(0))
    }

    @Test("What changed while a server was dead is found by the next, with one scan", arguments: Engine.available)
    func whileDead(engine: Engine) async throws {
        var watched = try await Watched(engine)
        watched.server.process.signal(SIGKILL)
        _ = try await watched.server.process.waitForExit(.seconds(20))
        let song = watched.songs[6]
        try watched.tree.write("New/" + song.fileName, song.tagged { $0.title = "Meanwhile" })
        try watched.tree.move("Shelf/" + watched.songs[0].fileName, to: "New/" + watched.songs[0].fileName)
        watched.server = try await ServerProcess.start(watched.lab, .up, environment: Self.watching)
        _ = try await watched.found("Meanwhile")
        try await watched.watches(3)
        #expect(try await watched.api.allScansEnded().count == 2)
        #expect(try await watched.server.stop() == .code(0))
        // A scan that the command line asks for is enough.
        watched.server = try await ServerProcess.start(
            watched.lab, .up, music: [watched.lab.music], environment: Self.watching)
        try await watched.watches(3)
        try watched.tree.write("New/" + watched.songs[7].fileName, watched.songs[7].tagged { $0.title = "Later" })
        _ = try await watched.found("Later")
        let scans = try await watched.api.allScansEnded()
        #expect(scans.filter { $0["path"]?.text == watched.lab.music }.count == 3)
        #expect(try await watched.server.stop() == .code(0))
    }

    @Test("A file that is written slowly is read when it is whole", arguments: Engine.available)
    func slowCopy(engine: Engine) async throws {
        let watched = try await Watched(engine)
        let bytes = try watched.songs[7].tagged { $0.title = "Slow" }
        let path = watched.tree.path("Shelf/slow." + watched.songs[7].format.fileExtension).display
        let file = FileHandle(fileDescriptor: open(path, O_WRONLY | O_CREAT | O_EXCL, 0o644), closeOnDealloc: true)
        for step in 0..<10 {
            try file.write(contentsOf: bytes[(bytes.count * step / 10)..<(bytes.count * (step + 1) / 10)])
            try await Task.sleep(for: .milliseconds(300))
        }
        try file.close()
        _ = try await watched.found("Slow")
        #expect(try await watched.api.allScansEnded().count == 2, "none saw a part of it")
        #expect(try await watched.server.stop() == .code(0))
    }

    @Test("Two servers that see the same change start one scan", .enabled(if: Engine.available.contains(.postgres)))
    func twoServers() async throws {
        let watched = try await Watched(.postgres)
        let other = try await ServerProcess.start(
            watched.lab, .serve, data: watched.lab.folder + "/other", environment: Self.watching)
        try await until("the other watches", Self.limit) {
            other.process.words.contains("A library root is watched")
        }
        // Its start is a reason to look at everything.
        try await until("the other looked", Self.limit) { try await watched.api.allScansEnded().count == 2 }
        let song = watched.songs[7]
        try watched.tree.write("Shelf/" + song.fileName, song.tagged { $0.title = "Dropped" })
        _ = try await watched.found("Dropped")
        try await Task.sleep(for: .seconds(1))
        #expect(try await watched.api.allScansEnded().count == 3)
        #expect(try await other.stop() == .code(0))
        #expect(try await watched.server.stop() == .code(0))
    }

    @Test("A server that is not to watch does nothing by itself")
    func off() async throws {
        let lab = try Lab()
        let songs = try await SongShelf.songs()
        try Tree(lab.music).write(songs[0].fileName, songs[0].tagged())
        let server = try await ServerProcess.start(lab, .up, music: [lab.music], environment: ["SILLON_WATCH": "false"])
        try await server.api.allScansEnded()
        try Tree(lab.music).write(songs[1].fileName, songs[1].tagged { $0.title = "Dropped" })
        try await Task.sleep(for: .seconds(3))
        #expect(try await server.api.allScansEnded().count == 1)
        #expect(try await server.api.search("Dropped").isEmpty)
        #expect(try await server.api.send(.get, "/metrics").body.contains("sillon_watch_folders 0"))
        #expect(try await server.stop() == .code(0))
    }
}
