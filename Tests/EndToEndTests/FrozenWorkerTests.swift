import Contracts
import Demo
import Domain
import Glibc
import TestSupport
import Testing

/// A worker that stands still for longer than its lease, and then speaks again.
@Suite(.serialized, .timeLimit(.minutes(4)))
struct FrozenWorkerTests {
    enum Way: CaseIterable {
        case database, http
    }

    /// Each takes as long as a lease, so not every pair is tried.
    static let stages: [(Way, Engine)] =
        Engine.available.map { (.database, $0) } + Engine.available.suffix(1).map { (.http, $0) }

    @Test("A worker that wakes up after its lease has ended changes nothing that another one has done meanwhile")
    func wakesUpLate() async throws {
        // They wait for the ends of leases, side by side.
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (way, engine) in Self.stages { group.addTask { try await wakesUpLate(way, engine) } }
            try await group.waitForAll()
        }
    }

    private func wakesUpLate(_ way: Way, _ engine: Engine) async throws {
        let lab = try Lab(engine)
        let tree = Tree(lab.music)
        for song in try await SongShelf.songs() {
            for copy in 0..<6 { try tree.write("\(copy)/\(song.fileName)", song.tagged { $0.title = "\(copy)" }) }
        }
        let server = try await ServerProcess.start(lab, .serve)
        let frozen =
            switch way {
            case .database: try Fleet.worker(lab)
            case .http:
                try await Fleet.remoteWorker(lab, server.api, arguments: ["--map", "\(lab.music)=\(lab.music)"])
            }
        let scan = try await server.api.startScan(lab.music)
        let held = try await freezeAtWork(frozen, server.api)
        print("frozen with \(held.count) tasks")
        // SIGKILL ends a stopped process as well, so the lab can always be cleared.
        _ = try Fleet.worker(lab)
        try await server.api.ended(scan, .seconds(150))
        let before = try await Snapshot(server.api, root: lab.music)
        let runs = try await Rows(lab).dump(["task_run"])
        for id in held { try await expectRescued(id, server.api) }
        frozen.signal(SIGCONT)
        try await until("the worker is heard of again", .seconds(60), every: .milliseconds(100)) {
            try await server.api.ask(.get, "/v1/workers").items.contains {
                $0["process_id"]?.int == Int64(frozen.id) && $0["alive"]?.flag == true
            }
        }
        // What it had in hand is offered before it takes something new, and it stops only after that.
        frozen.signal(SIGTERM)
        #expect(try await frozen.waitForExit() == .code(0))
        #expect(try await Rows(lab).dump(["task_run"]) == runs)
        #expect(before.difference(try await Snapshot(server.api, root: lab.music)) == "")
    }

    /// Stops the worker at a moment when it holds tasks, and answers which.
    private func freezeAtWork(_ worker: SpawnedProcess, _ api: Client) async throws -> [Int64] {
        try await until("the worker is stopped with tasks in hand", every: .milliseconds(5)) { () -> [Int64]? in
            let busy = try await api.ask(.get, "/v1/tasks?state=running&kind=analyze_audio").items
            guard !busy.isEmpty else { return nil }
            worker.signal(SIGSTOP)
            let held = try await api.list("/v1/tasks?state=running").compactMap { $0["id"]?.int }
            if !held.isEmpty { return held }
            worker.signal(SIGCONT)
            return nil
        }
    }

    private func expectRescued(_ id: Int64, _ api: Client) async throws {
        let task = try await api.ask(.get, "/v1/tasks/\(id)")
        #expect(task["state"]?.text == "done")
        let ends = task["runs"]?.list.map { $0["end"]?.text } ?? []
        #expect(ends == ["lost", "succeeded"], "\(task)")
    }
}
