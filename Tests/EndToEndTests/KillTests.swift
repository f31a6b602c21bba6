import Contracts
import Demo
import Domain
import Foundation
import Glibc
import Persistence
import Testing

/// kill -9 of anything at any time: what was acknowledged is done, and done once.
@Suite(.serialized, .timeLimit(.minutes(30)))
struct KillTests {
    @Test("Killing server, workers and media hosts at random loses nothing that was acknowledged and doubles nothing")
    func randomKills() async throws {
        let seed = Self.number("SILLON_CHAOS_SEED") ?? UInt64.random(in: 1...999_999)
        let seconds = Self.number("SILLON_CHAOS_SECONDS") ?? 25
        print("SILLON_CHAOS_SEED=\(seed) SILLON_CHAOS_SECONDS=\(seconds)")
        let lab = try Lab()
        let files = try await fill(Tree(lab.music))
        let fleet = try await Fleet(lab, workers: 2)
        let client = Submitter(fleet, root: lab.music, files: files)
        let submitting = Task { await client.run(seed: seed) }
        defer { submitting.cancel() }
        let kills = try await wreak(fleet, seed: seed, until: .now + .seconds(Int(seconds)))
        submitting.cancel()
        await submitting.value
        let promised = client.promised
        print("\(kills) kills; \(promised.tasks.count) tasks acknowledged in \(promised.attempts) requests")
        #expect(promised.problems.isEmpty, "\(promised.problems.prefix(5))")
        #expect(promised.tasks.count > 20)
        try await recover(fleet.api)
        try await expectKept(promised, fleet.api, Rows(lab))
        try await expectSameAsUndisturbed(lab, fleet.api)
    }

    /// Forty sound files and two that are none.
    private func fill(_ tree: Tree) async throws -> [FilePath] {
        var files: [FilePath] = []
        for (index, song) in try await SongShelf.songs().enumerated() {
            for copy in 0..<5 {
                let name = "\(copy)/\(index).\(song.format.fileExtension)"
                files.append(
                    try tree.write(
                        name,
                        song.tagged {
                            $0.title = "\(song.name) \(copy)"
                            $0.album = "Album \(copy)"
                        }))
            }
        }
        try tree.write("bad/text.mp3", Array("no music".utf8))
        try tree.write("bad/empty.flac", [])
        return files
    }

    private func wreak(
        _ fleet: Fleet, seed: UInt64, until end: ContinuousClock.Instant
    ) async throws -> String {
        var random = SplitMix(seed: seed &+ 1)
        var (servers, workers, hosts) = (0, 0, 0)
        while ContinuousClock.now < end {
            try await Task.sleep(for: .milliseconds(100 + Int(random.next() % 1400)))
            let choice = random.next() % 100
            if choice < 25 {
                try await fleet.killServer()
                servers += 1
            } else if choice < 80 {
                try fleet.killWorker(Int(random.next() % 2))
                workers += 1
            } else if fleet.killMediaHost(random.next()) {
                hosts += 1
            }
        }
        return "\(servers) server, \(workers) worker and \(hosts) media host"
    }

    /// The faults are over: the system must come to rest by itself, within the time limit.
    private func recover(_ api: Client) async throws {
        let start = ContinuousClock.now
        try await until("every task has ended", .seconds(180), every: .milliseconds(200)) {
            for state in ["ready", "running", "scheduled", "parked"] {
                if try await !api.ask(.get, "/v1/tasks?limit=1&state=\(state)").items.isEmpty { return false }
            }
            return true
        }
        try await api.allScansEnded()
        print("at rest \(ContinuousClock.now - start) after the last fault")
        try await forgiveKilledHosts(api)
    }

    /// A sound file whose reader was killed three times is a dead letter, and an operator sends it back.
    private func forgiveKilledHosts(_ api: Client) async throws {
        for task in try await api.list("/v1/tasks?state=dead") {
            guard let id = task["id"]?.int, let message = task["last_failure"]?["message"]?.text else { continue }
            if message.contains("/bad/") { continue }
            print("dead: \(message)")
            #expect(message.contains("SIGKILL"), "nobody but us may have killed it")
            _ = try await api.ask(.post, "/v1/tasks/\(id)/retry")
            try await until("task \(id) is done", .seconds(60)) {
                try await api.ask(.get, "/v1/tasks/\(id)")["state"]?.text == "done"
            }
        }
    }

    private func expectKept(_ promised: Submitter.Ledger, _ api: Client, _ rows: Rows) async throws {
        for (key, id) in promised.tasks.sorted(by: { $0.value < $1.value }) {
            let task = try await api.ask(.get, "/v1/tasks/\(id)")
            #expect(task["state"]?.text == "done", "\(key): \(task)")
            let runs = task["history"]?.list ?? []
            #expect(runs.filter { $0["end"]?.text == "succeeded" }.count == 1, "\(key): \(task)")
            #expect(Set(runs.compactMap { $0["run"]?.int }).count == runs.count, "\(key): \(task)")
        }
        let noops = try await rows.count("SELECT count(*) FROM task_run WHERE kind = 'noop'")
        let asked = try await api.list("/v1/tasks").filter { $0["task"]?.text == "noop" }.compactMap { $0["id"]?.int }
        #expect(noops == asked.count)
        #expect(
            try await rows.count(
                """
                SELECT count(*) FROM (SELECT task_id FROM task_run WHERE ending = 'succeeded' GROUP BY task_id
                HAVING count(*) > 1)
                """) == 0)
        for scan in Set(promised.scans.values) {
            let scan = try await api.ask(.get, "/v1/scans/\(scan)")
            #expect(scan["state"]?.text == "finished", "\(scan)")
            #expect(scan.progress("tasks_left") == 0)
            #expect(scan.progress("tasks_queued") == scan.progress("tasks_done"), "\(scan)")
        }
        #expect(try await rows.damage() == [])
    }

    /// The same folder, seen by a server that nobody disturbs.
    private func expectSameAsUndisturbed(_ lab: Lab, _ api: Client) async throws {
        let calm = try Lab()
        let server = try await ServerProcess.start(calm, .up, music: [lab.music])
        try await server.api.allScansEnded()
        let expected = try await Snapshot(server.api, root: lab.music)
        #expect(expected.lines.count > 40)
        #expect(expected.difference(try await Snapshot(api, root: lab.music)) == "")
        let vectors = try await Rows(calm).vectors(root: lab.music)
        #expect(vectors.count == 40)
        #expect(try await Rows(lab).vectors(root: lab.music) == vectors)
    }

    private static func number(_ name: String) -> UInt64? {
        ProcessInfo.processInfo.environment[name].flatMap { UInt64($0) }
    }
}
