import Contracts
import Domain
import Foundation
import Persistence
import StandIns
import TestSupport
import Testing
import UseCases

/// Listens of a time offline, on their way to a service that comes back.
@Suite(.serialized, .timeLimit(.minutes(4)))
struct OutboxTests {
    private struct Bench {
        let lab: Lab
        let fleet: StandIns.Fleet
        let lastFM: StandInServer
        let service: LastFMService
        let server: ServerProcess
        let environment: [String: String]

        init() async throws {
            fleet = try await StandIns.Fleet(
                [.lastfm], settings: .init(downloads: FileManager.default.temporaryDirectory),
                searchPath: ProcessInfo.processInfo.environment["PATH"] ?? "")
            lastFM = try #require(fleet[.lastfm])
            service = try #require(fleet.service(LastFMService.self))
            let key = fleet.settings.lastFM.firstKey
            environment = [
                "SILLON_LASTFM_URL": lastFM.url + "/2.0", "SILLON_LASTFM_SITE_URL": lastFM.url,
                "SILLON_LASTFM_KEY": key, "SILLON_LASTFM_SECRET": fleet.settings.lastFM.secrets[key] ?? "",
                "SILLON_LASTFM_RATE": "500",
            ]
            lab = try Lab()
            try await Self.addTrack(lab)
            server = try await ServerProcess.start(lab, .serve, environment: environment)
            _ = try await server.api.ask(
                .put, "/v1/me/services/lastfm", ["user_name": "demo", "password": "furrow"])
        }

        /// One that is long enough to count, and need not be there.
        private static func addTrack(_ lab: Lab) async throws {
            #expect(try await lab.run(["migrate", "up", "--data", lab.data]).exit == .code(0))
            let details: JSONValue = [
                "metadata": [
                    "album_artists": [], "artists": ["Mira"], "compilation": false, "extra": [:], "genres": [],
                    "musicbrainz": ["album_artists": [], "artists": []], "replaygain": [:], "title": "Slack Water",
                ],
                "properties": ["codec": "flac", "duration_ms": 200_000],
            ]
            let (path, name) = (Array("/music".utf8), Array("1.flac".utf8))
            let text = ContractJSON.encode(details)
            _ = try await Rows(lab).database.write { connection in
                try connection.execute("INSERT INTO folder (id, path) VALUES (1, \(path))")
                try connection.execute(
                    """
                    INSERT INTO track (id, folder_id, name, state, size, mtime_ns, inode, device, added_at, indexed_at,
                        title, artist, duration_ms, codec, details)
                    VALUES (1, 1, \(name), 0, 1, 1, 1, 1, 0, 0, 'Slack Water', 'Mira', 200000, 'flac', \(text))
                    """)
            }
        }

        /// Beside the database, as a process of its own.
        func worker() throws -> SpawnedProcess {
            try lab.start(
                ["worker", "--roles", "downloader", "--database", lab.data], environment: environment)
        }

        /// Answers when they began, in seconds since the epoch.
        func listen(_ count: Int) async throws -> [Int] {
            let first = Int(Date().timeIntervalSince1970) - (count + 10) * 200
            let times = (0..<count).map { first + $0 * 200 }
            for time in times {
                let start = Date(timeIntervalSince1970: Double(time)).formatted(.iso8601)
                _ = try await server.api.ask(
                    .post, "/v1/plays",
                    [
                        "track_id": 1, "submission": "finished", "seconds_played": 150, "started_at": .string(start),
                    ])
            }
            return times
        }

        /// The service does what it is asked, and the answer never comes.
        func loseAnswer() {
            var fault = Fault(.silence)
            (fault.isProcessed, fault.times, fault.method) = (true, 1, "POST")
            lastFM.faults.add(fault)
        }

        var taken: [Int] { service.scrobbles.map(\.timestamp) }

        /// Waits until so many were taken by a request that waits for its answer, and kills who waits.
        func kill(_ worker: SpawnedProcess, taken count: Int) async throws {
            try await until("\(count) listens are taken, and nobody knows") {
                taken.count >= count && lastFM.faults.waiting.isEmpty
            }
            worker.kill()
            #expect(try await connection()["waiting"]?.int ?? 0 > 0)
        }

        func connection() async throws -> JSONValue {
            let all = try await server.api.ask(.get, "/v1/me/services").items
            return try #require(all.first { $0["service"]?.text == "lastfm" })
        }
    }

    @Test("Listens of a time offline arrive once each and in order, though the worker is killed in mid-batch, twice")
    func killed() async throws {
        let bench = try await Bench()
        await bench.lastFM.goAway()
        // Three tries in vain would close the service's door for a minute.
        _ = try await bench.server.api.ask(.post, "/v1/queues/downloader/pause")
        let told = try await bench.listen(120)
        #expect(try await bench.connection()["waiting"]?.int == 120)
        await bench.lastFM.comeBack()
        bench.loseAnswer()
        _ = try await bench.server.api.ask(.post, "/v1/queues/downloader/resume")
        // The first task was made with the first listen, and holds it alone; the next holds a full batch.
        try await bench.kill(try bench.worker(), taken: 1)
        // Whoever comes next asks what arrived, and sends none of that again.
        bench.loseAnswer()
        try await bench.kill(try bench.worker(), taken: 51)
        let last = try bench.worker()
        try await until("nothing waits") { try await bench.connection()["waiting"]?.int == 0 }
        #expect(bench.taken == told)
        #expect(try await bench.server.api.list("/v1/tasks?state=dead").isEmpty)
        last.signal(SIGTERM)
        #expect(try await last.waitForExit() == .code(0))
        await bench.fleet.stop()
    }

    @Test("While the service is away its outbox waits and says why; when it returns it is told")
    func away() async throws {
        let bench = try await Bench()
        await bench.lastFM.goAway()
        let worker = try bench.worker()
        let told = try await bench.listen(2)
        try await until("somebody has tried") { try await bench.connection()["waiting_because"]?.text != nil }
        await bench.lastFM.comeBack()
        let tasks = try await bench.server.api.list("/v1/tasks?kind=submit_listens")
        #expect(tasks.count == 1 && tasks[0]["failures"]?.int == 0, "no attempt is used up")
        #expect(tasks[0]["payload"] == [:], "what somebody listens to is nobody else's business")
        // Where it was tried three times, the door stays closed for a minute, and opens by itself.
        try await until("both have arrived", .seconds(150)) { bench.taken.count >= 2 }
        #expect(bench.taken == told)
        try await until("nothing waits") { try await bench.connection()["waiting"]?.int == 0 }
        #expect(try await bench.connection()["waiting_because"]?.text == nil)
        worker.signal(SIGTERM)
        #expect(try await worker.waitForExit() == .code(0))
        await bench.fleet.stop()
    }
}
