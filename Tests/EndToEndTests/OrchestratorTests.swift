import Contracts
import Demo
import Domain
import Glibc
import Persistence
import TestSupport
import Testing

/// Several servers on one database, each with workers of its own on other devices.
@Suite(.serialized, .timeLimit(.minutes(4)))
struct OrchestratorTests {
    private struct Stage {
        let lab: Lab
        let tree: Tree
        let servers: [ServerProcess]
        /// One for each server, which speaks to no other.
        let workers: [SpawnedProcess]
    }

    /// Two servers on one database, eight songs in so many copies, and a worker by token at each server.
    private func stage(copies: Int) async throws -> Stage {
        let lab = try Lab(.postgres)
        let tree = Tree(lab.music)
        for song in try await SongShelf.songs() {
            for copy in 0..<copies { try tree.write("\(copy)/\(song.fileName)", song.tagged { $0.title = "\(copy)" }) }
        }
        let first = try await ServerProcess.start(lab, .serve)
        let other = try await ServerProcess.start(lab, .serve, data: lab.folder + "/other")
        // Whom one server knows, the other knows too: the token is in the database.
        let second = ServerProcess(process: other.process, api: Client(base: other.api.base, token: first.api.token))
        var workers: [SpawnedProcess] = []
        for (number, server) in [first, second].enumerated() {
            workers.append(
                try await Fleet.remoteWorker(
                    lab, server.api, cache: "cache-\(number)", arguments: ["--map", "\(lab.music)=\(lab.music)"]))
        }
        return Stage(lab: lab, tree: tree, servers: [first, second], workers: workers)
    }

    private func expectAlive(_ workers: [SpawnedProcess], at api: Client) async throws {
        try await until("\(api.base) shows \(workers.count) living workers") {
            let living = try await api.ask(.get, "/v1/workers").items.filter { $0["alive"]?.flag == true }
            return Set(living.compactMap { $0["process_id"]?.int }) == Set(workers.map { Int64($0.id) })
        }
    }

    /// How many tasks of a kind each process has done.
    private func share(_ kind: TaskKind, _ lab: Lab) async throws -> [Int] {
        let rows = try Rows(lab)
        return try await rows.database.read { connection in
            try connection.all(
                "SELECT count(*) FROM task_run WHERE kind = \(kind.rawValue) AND ending = 'succeeded' GROUP BY worker_id"
            ) { Int($0.int(0) ?? 0) }
        }
    }

    @Test("What one server is asked for, the workers of both do, and both show the same workers and answers")
    func together() async throws {
        let stage = try await stage(copies: 6)
        for server in stage.servers { try await expectAlive(stage.workers, at: server.api) }
        let (first, second) = (stage.servers[0].api, stage.servers[1].api)
        let scan = try await second.scan(stage.lab.music)
        #expect(scan["state"]?.text == "finished" && scan.progress("failed") == 0, "\(scan)")
        #expect(scan.progress("vectorized") == 48)
        let share = try await share(.analyzeAudio, stage.lab)
        #expect(share.count == 2 && share.reduce(0, +) == 48, "\(share)")
        let seed = try #require(try await first.tracksByName()["Amble.mp3"]?["id"]?.int)
        for api in [first, second] { #expect(try await api.similar(to: seed).count == 47) }

        let song = try #require(try await SongShelf.songs().first)
        try stage.tree.write("new/Quite New.mp3", song.tagged { $0.title = "Quite New" })
        try await first.scan(stage.lab.music)
        let new = try #require(try await first.tracksByName()["Quite New.mp3"]?["id"]?.int)
        for api in [first, second] { #expect(try await api.similar(to: seed).contains { $0.id == new }) }
        for worker in stage.workers {
            worker.signal(SIGTERM)
            #expect(try await worker.waitForExit() == .code(0))
        }
        for server in stage.servers { #expect(try await server.stop() == .code(0)) }
    }

    @Test("A server that is killed with its worker in mid-scan leaves a scan that the other one finishes")
    func survivor() async throws {
        let stage = try await stage(copies: 6)
        for server in stage.servers { try await expectAlive(stage.workers, at: server.api) }
        let second = stage.servers[1].api
        let scan = try await stage.servers[0].api.startScan(stage.lab.music)
        try await until("both workers hear music", every: .milliseconds(5)) {
            let workers = try await second.ask(.get, "/v1/workers").items
            guard workers.filter({ $0["running"]?.list.isEmpty == false }).count == 2 else { return false }
            stage.servers[0].process.kill()
            stage.workers[0].kill()
            return true
        }
        let ended = try await second.ended(scan, .seconds(150))
        #expect(ended["state"]?.text == "finished" && ended.progress("failed") == 0, "\(ended)")
        #expect(ended.progress("vectorized") == 48)
        #expect(try await second.list("/v1/tasks?state=dead").isEmpty)
        let doubled = """
            SELECT count(*) FROM (SELECT 1 FROM task_run WHERE ending = 'succeeded' GROUP BY task_id
            HAVING count(*) > 1) AS twice
            """
        #expect(try await Rows(stage.lab).count(doubled) == 0)
    }
}
