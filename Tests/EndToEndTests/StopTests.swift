import Contracts
import Domain
import Glibc
import TestSupport
import Testing

/// Asked to stop while the parsers hang, a worker hands back what it has and goes.
@Suite(.serialized, .timeLimit(.minutes(5)))
struct StopTests {
    @Test(
        "A worker whose parsers hang stops in time and hands its tasks back uncharged; the next one finishes them",
        arguments: [("tags", "index_file"), ("audio", "analyze_audio")])
    func hanging(duty: String, kind: String) async throws {
        let library = try await Library()
        let copies = duty == "tags" ? try addCopies(to: library) : 0
        let server = try await ServerProcess.start(library.lab, .serve)
        let worker = try Fleet.worker(library.lab)
        let scan = try await server.api.startScan(library.lab.music, until: duty == "tags" ? "index" : "vector")
        let held = try await hang(worker, duty, kind, server.api)
        let begin = ContinuousClock.now
        worker.signal(SIGTERM)
        #expect(try await worker.waitForExit() == .code(0))
        // 15 seconds of grace, and some for a busy machine; without an end of its children it would go on for ever.
        #expect(ContinuousClock.now - begin < .seconds(40))
        #expect(Processes.mediaHosts(of: worker.id).isEmpty)
        let stopped = try await tasks(held, server.api)
        for task in stopped {
            #expect([0, 0] == [task["failures"]?.int, task["crashes"]?.int], "\(task)")
            #expect([["released"], ["succeeded"]].contains(ends(task)), "\(task)")
        }
        let released = stopped.filter { ends($0) == ["released"] }
        #expect(!released.isEmpty)
        #expect(released.allSatisfy { $0["state"]?.text == "ready" })
        _ = try Fleet.worker(library.lab)
        let last = duty == "tags" ? "indexed" : "vectorized"
        #expect(try await server.api.ended(scan).progress(last) == library.songs.count + copies)
        for task in try await tasks(released.compactMap { $0["id"]?.int }, server.api) {
            #expect(ends(task) == ["released", "succeeded"], "\(task)")
        }
        #expect(try await server.api.list("/v1/tasks?state=dead").isEmpty)
    }

    @Test(
        "A second signal ends the process at once, with the code that a shell gives to that signal",
        arguments: [(SIGTERM, 143), (SIGINT, 130)] as [(Int32, Int32)])
    func secondSignal(number: Int32, code: Int32) async throws {
        let library = try await Library()
        try addCopies(to: library)
        let server = try await ServerProcess.start(library.lab, .serve)
        let worker = try Fleet.worker(library.lab)
        _ = try await server.api.startScan(library.lab.music, until: "index")
        _ = try await hang(worker, "tags", "index_file", server.api)
        worker.signal(SIGTERM)
        try await until("the worker has heard the first") { worker.words.contains("Stopping") }
        let children = Processes.mediaHosts(of: worker.id)
        worker.signal(number)
        #expect(try await worker.waitForExit() == .code(code))
        try await until("its children are gone") { children.allSatisfy { Processes.entry($0) == nil } }
    }

    @Test("Ctrl-C while a scan is watched leaves the scan alone, and says how it can be cancelled")
    func watching() async throws {
        let lab = try Lab()
        // Without a worker the scan stays as it is.
        let server = try await ServerProcess.start(lab, .serve)
        let environment = ["SILLON_DATA": lab.data, "SILLON_SERVER": server.api.base]
        let watching = try lab.start(["scan", lab.music, "--wait", "--json"], environment: environment)
        try await until("the scan is shown") { !Lab.text(watching.output).isEmpty }
        watching.signal(SIGINT)
        #expect(try await watching.waitForExit() == .code(130))
        let scan = try #require(try await server.api.list("/v1/scans").first)
        #expect(scan["state"]?.text == "queued")
        let cancel = ["tasks", "cancel", "--scan", try #require(scan["id"]?.text)]
        let note = Lab.text(watching.errors)
        #expect(note.contains("the scan goes on in the server"), "\(note)")
        #expect(note.contains("sillon " + cancel.joined(separator: " ")), "\(note)")
        let cancelled = try await lab.run(cancel, environment: environment)
        #expect(cancelled.exit == .code(0), "\(cancelled.errors)")
        #expect(cancelled.output.contains("is cancelled"))
        #expect(try await server.stop() == .code(0))
    }

    /// Tags are read in a moment: so many files that the child is seen while it still has some to read.
    @discardableResult
    private func addCopies(to library: Library, count: Int = 1_500) throws -> Int {
        let song = library.songs[0]
        for number in 0..<count { try library.tree.write("Copies/\(number) \(song.fileName)", song.tagged()) }
        return count
    }

    /// Stops the children of one duty as soon as they are seen, until tasks are stuck in them, and answers which.
    private func hang(
        _ worker: SpawnedProcess, _ duty: String, _ kind: String, _ api: Client
    ) async throws -> [Int64] {
        try await until("a task hangs", .seconds(60), every: .milliseconds(1)) { () -> [Int64]? in
            let children = Processes.descendants(of: worker.id).filter { $0.command.contains("media-host \(duty)") }
            guard !children.isEmpty else { return nil }
            for child in children { kill(child.id, SIGSTOP) }
            let running = try await runningTasks(kind, api)
            // What has ended already is settled meanwhile, mostly.
            try await Task.sleep(for: .seconds(1))
            let held = try await runningTasks(kind, api).filter(running.contains)
            if held.isEmpty { for child in children { kill(child.id, SIGCONT) } }
            return held.isEmpty ? nil : held
        }
    }

    private func runningTasks(_ kind: String, _ api: Client) async throws -> [Int64] {
        try await api.list("/v1/tasks?state=running&kind=\(kind)").compactMap { $0["id"]?.int }
    }

    private func tasks(_ ids: [Int64], _ api: Client) async throws -> [JSONValue] {
        var tasks: [JSONValue] = []
        for id in ids { tasks.append(try await api.ask(.get, "/v1/tasks/\(id)")) }
        return tasks
    }

    private func ends(_ task: JSONValue) -> [String] {
        task["runs"]?.list.compactMap { $0["end"]?.text } ?? []
    }
}
