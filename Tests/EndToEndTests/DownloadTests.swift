import Contracts
import Domain
import Foundation
import StandIns
import TestSupport
import Testing

/// Music through slskd, from the search to the library, by real servers, workers and media hosts.
@Suite(.serialized, .timeLimit(.minutes(4)))
struct DownloadTests {
    private static let words = "Marled Field - Seed Drill"
    /// As somebody in the demo shares it.
    private static func song() throws -> SoulseekPeer.File.Origin {
        try #require(SoulseekPeer.demo[0].files.first { $0.remoteName.contains("Seed Drill") }).origin
    }

    /// Who shares the song; the faster one is asked first.
    private static func peer(
        _ name: String, _ manner: SoulseekPeer.Manner = .serves, speed: Int, kind: String = "flac"
    ) throws -> SoulseekPeer {
        let remoteName = "@@\(name)\\Marled Field\\Winter Wheat (2001)\\02 - Seed Drill.\(kind)"
        var peer = SoulseekPeer(name, files: [SoulseekPeer.File(remoteName, try song())])
        peer.manner = manner
        peer.uploadSpeed = speed
        return peer
    }

    private func world(
        _ lab: Lab, _ peers: [SoulseekPeer], timeScale: Double, into root: String
    ) async throws -> OutsideWorld {
        try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
        return try await OutsideWorld([.slskd], for: lab) { settings in
            settings.peers = peers
            settings.slskd.timeScale = timeScale
        }
    }

    private func environment(_ world: OutsideWorld, into root: String) -> [String: String] {
        world.environment.merging(["SILLON_SLSKD_DOWNLOADS": world.downloads, "SILLON_DOWNLOAD_ROOT": root]) { $1 }
    }

    /// Below a folder, by their names there.
    private func files(_ folder: String) -> [String] {
        let all = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
        var isFolder: ObjCBool = false
        return all.filter {
            FileManager.default.fileExists(atPath: folder + "/" + $0, isDirectory: &isFolder) && !isFolder.boolValue
        }.sorted()
    }

    private func begun(_ world: OutsideWorld) -> [String] {
        world.fleet[.slskd]?.journal.entries.filter {
            $0.method == "POST" && $0.path.hasPrefix("/api/v0/transfers/downloads/") && $0.status == 201
        }.map(\.body) ?? []
    }

    private static let place = "Marled Field/Winter Wheat/02 Seed Drill.flac"

    @Test(
        "What is no good is refused, who goes away is left, and the good file is in the library: found, served, scanned"
    )
    func journey() async throws {
        let lab = try Lab()
        let peers = try [
            Self.peer("noise", .servesNoise, speed: 2_000_000), Self.peer("leaver", .breaksOff, speed: 1_500_000),
            Self.peer("refuser", .rejects, speed: 1_000_000), Self.peer("giver", speed: 500_000),
            Self.peer("spare", speed: 100_000), Self.peer("program", speed: 9_000_000, kind: "exe"),
        ]
        let root = lab.folder + "/fetched"
        let world = try await world(lab, peers, timeScale: 0.1, into: root)
        let server = try await ServerProcess.start(lab, .up, environment: environment(world, into: root))
        let shell = ["SILLON_DATA": lab.data, "SILLON_SERVER": server.api.base]
        let search = try await lab.run(["download", "search", Self.words], environment: shell)
        #expect(search.exit == .code(0), "\(search.errors)")
        let offers = search.output.split(separator: "\n").dropFirst()
        #expect(offers.count == 5 && offers.first?.contains("noise") == true, "\(search.output)")
        #expect(!search.output.contains("program"), "what is no audio is no offer")

        let get = try await lab.run(
            ["download", "get", Self.words, "--wait"], environment: shell, limit: .seconds(120))
        #expect(get.exit == .code(0), "\(get.errors)")
        let target = root + "/" + Self.place
        #expect(get.output.contains(target))
        #expect(files(root) == [Self.place])
        #expect(files(world.downloads).isEmpty, "what was no good is thrown away, what was good is moved")
        let download = try #require(try await server.api.list("/v1/downloads").first)
        #expect(download["state"]?.text == "done" && download["peer"]?.text == "giver")
        let problems = download["problems"]?.list.compactMap(\.text) ?? []
        #expect(problems.map { $0.prefix { $0 != ":" } } == ["noise", "leaver", "refuser"], "\(problems)")
        #expect(begun(world).count == 4, "nobody is asked after one has given it")

        let id = try await until("the track is found") {
            try await server.api.ask(.get, "/v1/search?q=seed%20drill").items.first?["id"]?.int
        }
        let track = try await server.api.ask(.get, "/v1/tracks/\(id)")
        #expect(track["path"]?.text == target && track["album"]?.text == "Winter Wheat")
        let stream = try await server.api.send(
            .get, "/v1/tracks/\(id)/stream", headers: ["Range": "bytes=0-3"])
        #expect(stream.status == 206 && stream.body == "fLaC")
        #expect(try await server.api.ask(.get, "/v1/roots").items.compactMap { $0["path"]?.text } == [root])
        let scan = try await server.api.scan(root, until: "index")
        #expect(scan.progress("found") == 1 && scan.progress("unchanged") == 1, "\(scan)")

        let nobody = try await lab.run(
            ["download", "get", "Nobody At All - Nothing", "--wait"], environment: shell, limit: .seconds(120))
        #expect(nobody.exit == .code(1) && nobody.errors.contains("nobody shares this"))
        #expect(try await server.stop() == .code(0))
        await world.fleet.stop()
    }

    @Test("A worker that is killed in mid-download is followed by one that goes on: one search, one transfer, one file")
    func killed() async throws {
        let lab = try Lab()
        // Slow enough that the worker is killed while bytes come.
        let peers = try [Self.peer("giver", speed: 50_000), Self.peer("spare", speed: 20_000)]
        // A folder in a library root, which is none by itself.
        let root = lab.music + "/Incoming"
        let world = try await world(lab, peers, timeScale: 0.5, into: root)
        let environment = environment(world, into: root)
        let server = try await ServerProcess.start(lab, .serve, environment: environment)
        func worker() throws -> SpawnedProcess {
            try lab.start(
                ["worker", "--roles", "indexer,downloader", "--database", lab.data], environment: environment)
        }
        _ = try await server.api.ask(.post, "/v1/roots", ["path": .string(lab.music)])
        let first = try worker()
        let started = try await server.api.ask(.post, "/v1/downloads", ["query": .string(Self.words)])
        let id = try #require(started["download_id"]?.text)
        try await until("slskd fetches it") {
            try await server.api.ask(.get, "/v1/downloads/\(id)")["state"]?.text == "downloading"
                && begun(world).count == 1
        }
        first.kill()
        #expect(files(root).isEmpty, "it was killed before the file was there")
        let second = try worker()
        let done = try await until("another worker has ended it", .seconds(120)) {
            let download = try await server.api.ask(.get, "/v1/downloads/\(id)")
            return ["done", "failed"].contains(download["state"]?.text) ? download : JSONValue?.none
        }
        #expect(done["state"]?.text == "done" && done["problems"]?.list.isEmpty == true, "\(done)")
        #expect(begun(world).count == 1, "no second transfer")
        #expect(
            world.fleet[.slskd]?.journal.entries.count { $0.method == "POST" && $0.path.hasSuffix("/searches") } == 1)
        #expect(files(root) == [Self.place] && files(world.downloads).isEmpty)
        let task = try #require(started["task_id"]?.int)
        let runs = try await server.api.ask(.get, "/v1/tasks/\(task)")["runs"]?.list ?? []
        #expect(runs.count == 2 && second.exit == nil, "\(runs)")
        try await until("the track is found") {
            try await server.api.ask(.get, "/v1/search?q=seed%20drill").items.count == 1
        }
        #expect(try await server.api.ask(.get, "/v1/roots").items.compactMap { $0["path"]?.text } == [lab.music])
        let scan = try await server.api.scan(lab.music, until: "index")
        #expect(scan.progress("found") == 1 && scan.progress("unchanged") == 1, "\(scan)")
        second.signal(SIGTERM)
        #expect(try await second.waitForExit(.seconds(40)) == .code(0))
        #expect(try await server.stop() == .code(0))
        await world.fleet.stop()
    }

    @Test("A place for downloads that cannot be one is refused at start, with its name and the reason")
    func places() async throws {
        let lab = try Lab()
        let source = lab.folder + "/slskd"
        for folder in [source, lab.folder + "/all/music"] {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        }
        try Data().write(to: URL(filePath: lab.folder + "/file"))
        let places: [(root: String, source: String, words: [String])] = [
            ("fetched", source, ["SILLON_DOWNLOAD_ROOT", "absolute"]),
            (lab.folder + "/none", source, ["SILLON_DOWNLOAD_ROOT", "No such file"]),
            (lab.folder + "/file", source, ["SILLON_DOWNLOAD_ROOT", "no folder"]),
            (lab.music, lab.folder + "/none", ["SILLON_SLSKD_DOWNLOADS", "No such file"]),
            (lab.folder + "/all", source, ["holds the library root", lab.folder + "/all/music"]),
            (lab.music, lab.folder + "/all", ["SILLON_SLSKD_DOWNLOADS", "overlap", lab.folder + "/all/music"]),
        ]
        for place in places {
            let ended = try await lab.run(
                ["up", "--data", lab.data, "--port", "0", "--music", lab.folder + "/all/music"],
                environment: ["SILLON_DOWNLOAD_ROOT": place.root, "SILLON_SLSKD_DOWNLOADS": place.source])
            #expect(ended.exit == .code(78), "\(place.root): \(ended.errors)")
            for word in place.words { #expect(ended.errors.contains(word), "\(ended.errors)") }
        }
    }
}
