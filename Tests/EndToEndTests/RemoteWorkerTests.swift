import Contracts
import Demo
import Foundation
import TestSupport
import Testing

/// Workers on other devices: real processes that have a token and no database.
@Suite(.serialized, .timeLimit(.minutes(6)))
struct RemoteWorkerTests {
    /// A server without workers, and a library of eight songs in so many copies.
    private func stage(copies: Int) async throws -> (lab: Lab, server: ServerProcess) {
        let lab = try Lab()
        let tree = Tree(lab.music)
        for song in try await SongShelf.songs() {
            for copy in 0..<copies { try tree.write("\(copy)/\(song.fileName)", song.tagged { $0.title = "\(copy)" }) }
        }
        return (lab, try await ServerProcess.start(lab, .serve))
    }

    private func expectComplete(_ scan: JSONValue, files: Int) {
        #expect(scan["state"]?.text == "finished", "\(scan)")
        #expect(scan.progress("found") == files && scan.progress("indexed") == files, "\(scan)")
        #expect(scan.progress("failed") == 0, "\(scan)")
    }

    private func expectHeard(_ api: Client, files: Int) async throws {
        let totals = try await api.ask(.get, "/v1/library")
        #expect(totals["tracks"]?.int == Int64(files) && totals["vectorized"]?.int == Int64(files), "\(totals)")
        #expect(try await api.list("/v1/tasks?state=dead").isEmpty)
    }

    private func worker(_ process: SpawnedProcess, _ api: Client) async throws -> JSONValue? {
        try await api.ask(.get, "/v1/workers").items.first { $0["process_id"]?.int == Int64(process.id) }
    }

    @Test("Two devices finish a library, one with a mapped folder, one that fetches; one is killed in the middle")
    func fleet() async throws {
        let (lab, server) = try await stage(copies: 3)
        let copy = lab.folder + "/nas"
        try FileManager.default.copyItem(atPath: lab.music, toPath: copy)
        let scan = try await server.api.startScan(lab.music)
        let mapped = try await Fleet.remoteWorker(
            lab, server.api, roles: "indexer,vector", arguments: ["--map", "\(lab.music)=\(copy)"])
        let doomed = try await Fleet.remoteWorker(lab, server.api, roles: "audio")
        try await until("the doomed worker has a file in hand", every: .milliseconds(5)) {
            guard let found = try await worker(doomed, server.api), found["running"]?.list.isEmpty == false else {
                return false
            }
            doomed.kill()
            return true
        }
        let next = try await Fleet.remoteWorker(lab, server.api, roles: "audio,vector")
        let ended = try await server.api.ended(scan, .seconds(180))
        expectComplete(ended, files: 24)
        try await expectHeard(server.api, files: 24)
        for process in [mapped, next] {
            process.signal(SIGTERM)
            #expect(try await process.waitForExit() == .code(0))
        }
        // What the killed one left behind went when the next one started, and that one cleared up after itself.
        #expect(try FileManager.default.contentsOfDirectory(atPath: lab.folder + "/cache") == [])
        #expect(try await server.api.ask(.get, "/v1/workers").items.allSatisfy { $0["alive"]?.flag == false })
    }

    @Test("A server that is killed and started again in mid-run costs nothing")
    func restart() async throws {
        let (lab, server) = try await stage(copies: 2)
        let process = try await Fleet.remoteWorker(
            lab, server.api, arguments: ["--map", "\(lab.music)=\(lab.music)"])
        let scan = try await server.api.startScan(lab.music)
        try await until("something was heard", every: .milliseconds(10)) {
            try await server.api.ask(.get, "/v1/scans/\(scan)").progress("analyzed") > 0
        }
        let port = try #require(server.api.base.split(separator: ":").last)
        server.process.kill()
        let again = try await ServerProcess.start(lab, .serve, arguments: ["--port", String(port)])
        expectComplete(try await again.api.ended(scan, .seconds(120)), files: 16)
        try await expectHeard(again.api, files: 16)
        process.signal(SIGTERM)
        #expect(try await process.waitForExit() == .code(0))
    }

    @Test("A device that is switched on before its server waits for it, says so once, and then works")
    func early() async throws {
        let (lab, server) = try await stage(copies: 1)
        let port = try #require(server.api.base.split(separator: ":").last)
        let token = try await Fleet.workerToken(server.api, roles: "indexer,audio,vector")
        #expect(try await server.stop() == .code(0))
        let line = [
            "worker", "--roles", "indexer,audio,vector", "--server", server.api.base, "--cache", lab.folder + "/cache",
            "--map", "\(lab.music)=\(lab.music)",
        ]
        let process = try lab.start(line, environment: ["SILLON_TOKEN": token.secret])
        let given = try lab.start(line, environment: ["SILLON_TOKEN": "wrong"])
        let impatient = try lab.start(line, environment: ["SILLON_TOKEN": token.secret])
        for process in [process, given, impatient] {
            try await until("it says that it waits") { process.words.contains("it is waited for") }
        }
        impatient.signal(SIGTERM)
        #expect(try await impatient.waitForExit(.seconds(10)) == .code(0))
        let again = try await ServerProcess.start(lab, .serve, arguments: ["--port", String(port)])
        expectComplete(try await again.api.ended(try await again.api.startScan(lab.music)), files: 8)
        #expect(try await given.waitForExit() == .code(78))
        #expect(Lab.text(given.errors).contains("refuses this worker"))
        process.signal(SIGTERM)
        #expect(try await process.waitForExit() == .code(0))
        let words = process.words
        #expect(words.components(separatedBy: "it is waited for").count == 2, "\(words)")
        #expect(words.contains("in reach again") && words.contains("Connection refused"), "\(words)")
    }

    @Test("A worker whose token is not good for its roles, or is revoked in mid-run, ends with code 78 and a reason")
    func refused() async throws {
        let (lab, server) = try await stage(copies: 1)
        let token = try await Fleet.workerToken(server.api, roles: "audio")
        let line = ["worker", "--server", server.api.base, "--cache", lab.folder + "/cache"]
        let wrong = try await lab.run(line + ["--roles", "vector"], environment: ["SILLON_TOKEN": token.secret])
        #expect(wrong.exit == .code(78) && wrong.errors.contains("not good for the role vector"))
        let process = try lab.start(line + ["--roles", "audio"], environment: ["SILLON_TOKEN": token.secret])
        try await until("the worker is known") { try await worker(process, server.api)?["alive"]?.flag == true }
        _ = try await server.api.send(.delete, "/v1/tokens/\(token.id)")
        #expect(try await process.waitForExit(.seconds(60)) == .code(78))
        #expect(Lab.text(process.errors).contains("refuses this worker"))
    }

    @Test("A role that no device serves waits, and is shown as such")
    func placement() async throws {
        let (lab, server) = try await stage(copies: 1)
        let process = try await Fleet.remoteWorker(
            lab, server.api, roles: "indexer,vector", arguments: ["--map", "\(lab.music)=\(lab.music)"])
        let scan = try await server.api.startScan(lab.music)
        try await until("all files are indexed") {
            try await server.api.ask(.get, "/v1/scans/\(scan)").progress("indexed") == 8
        }
        let audio = try await server.api.ask(.get, "/v1/queues").items.first { $0["role"]?.text == "audio" }
        #expect(audio?["served"]?.flag == false && audio?["workers"]?.int == 0 && audio?["ready"]?.int == 8)
        let indexer = try await server.api.ask(.get, "/v1/queues").items.first { $0["role"]?.text == "indexer" }
        #expect(indexer?["served"]?.flag == true)
        let status = try await lab.run(["status", "--data", lab.data, "--server", server.api.base])
        #expect(status.output.contains("no worker") && status.output.contains("sillon worker --roles audio"))
        let helper = try await Fleet.remoteWorker(lab, server.api, roles: "audio")
        try await server.api.ended(scan)
        for process in [process, helper] { process.signal(SIGTERM) }
        #expect(try await helper.waitForExit() == .code(0))
    }
}
