import Foundation
import Glibc
import Synchronization
import TestSupport

/// Orchestrators and workers as processes of their own. One that ends is started again, as an init system would.
package final class ChaosFleet: Sendable {
    package enum Post: Hashable, Comparable, Sendable {
        case server(Int), worker(Int)
    }

    private struct State {
        var crew: [Post: SpawnedProcess] = [:]
        var isOver = false
        /// Processes that ended without being asked to, with the signal if it was one.
        var gaveUp: [String] = []
        var crashes: [String] = []
    }

    package let posts: [Post]
    private let lab: Lab
    private let engine: any LabEngine
    private let program: WorkerProgram
    private let state = Mutex(State())

    private static let look = Duration.milliseconds(200)
    private static let pauseBeforeRestart = Duration.milliseconds(300)

    package init(_ lab: Lab, _ engine: any LabEngine, servers: Int, workers: Int, program: WorkerProgram) async throws {
        self.lab = lab
        self.engine = engine
        self.program = program
        posts =
            (0..<min(servers, engine.maxServers)).map { Post.server($0) } + (0..<workers).map { Post.worker($0) }
        // The first one makes the schema and the administrator's token.
        for post in posts {
            try start(post)
            if case .server = post { try await ready(post) }
        }
    }

    package var servers: [Post] { posts.filter { if case .server = $0 { true } else { false } } }
    package var workers: [Post] { posts.filter { if case .worker = $0 { true } else { false } } }
    package var gaveUp: [String] { state.withLock { $0.gaveUp } }
    package var crashes: [String] { state.withLock { $0.crashes } }

    package func process(_ post: Post) -> SpawnedProcess? { state.withLock { $0.crew[post] } }

    /// Speaks to an orchestrator; nil while it does not listen.
    package func client(_ post: Post) -> Client? {
        guard let process = process(post), process.exit == nil,
            let address = ServerProcess.address(in: process.words)
        else { return nil }
        let token = Lab.text(lab.data + "/admin-token").trimmingCharacters(in: .whitespacesAndNewlines)
        return Client(base: address, token: token)
    }

    package var clients: [Client] { servers.compactMap { client($0) } }

    /// SIGKILL, and a new process at the same post.
    package func kill(_ post: Post) throws {
        // Taken away first, so that nobody takes the end for one of its own.
        let process = state.withLock { $0.crew.removeValue(forKey: post) }
        process?.kill()
        try start(post)
    }

    /// Kills one child that reads media. False when there is none at the moment.
    package func killMediaHost(_ choice: UInt64) -> Bool {
        let hosts = workers.compactMap { process($0)?.id }.flatMap { Processes.mediaHosts(of: $0) }.sorted()
        guard !hosts.isEmpty else { return false }
        return Glibc.kill(hosts[Int(choice % UInt64(hosts.count))], SIGKILL) == 0
    }

    /// Starts again what ended by itself, until the task is cancelled.
    package func mind() async {
        while !Task.isCancelled {
            for post in posts {
                guard let process = process(post), let exit = process.exit else { continue }
                note(post, exit, process)
                try? await Task.sleep(for: Self.pauseBeforeRestart)  // only cancellation throws here
                if Task.isCancelled { return }
                do {
                    try start(post)
                } catch {
                    state.withLock { $0.gaveUp.append("\(post) could not be started: \(error)") }
                }
            }
            try? await Task.sleep(for: Self.look)  // only cancellation throws here, and it ends the loop
        }
    }

    private func note(_ post: Post, _ exit: SpawnedProcess.Exit, _ process: SpawnedProcess) {
        let last = Lab.text(process.errors).split(separator: "\n").last.map(String.init) ?? ""
        let line = "\(post) ended with \(exit): \(last.prefix(300))"
        state.withLock { state in
            if case .signal = exit { state.crashes.append(line) } else { state.gaveUp.append(line) }
        }
    }

    /// Asks every process to stop and waits for it. Answers those that did not go well.
    package func stop() async throws -> [String] {
        let crew = state.withLock { $0.crew }
        for process in crew.values { process.signal(SIGTERM) }
        var problems: [String] = []
        for (post, process) in crew.sorted(by: { $0.key < $1.key }) {
            let exit = try await process.waitForExit(.seconds(60))
            if exit != .code(0) { problems.append("\(post) stopped with \(exit)") }
        }
        return problems
    }

    /// Lines in which workers say that late results were thrown away.
    package var staleResults: Int {
        lab.allLogs.split(separator: "\n").count { $0.contains("came too late") }
    }

    private func ready(_ post: Post) async throws {
        try await until("\(post) is ready") {
            if let process = self.process(post), let exit = process.exit {
                throw TimedOut(description: "\(post) ended with \(exit): \(Lab.text(process.errors).suffix(1000))")
            }
            guard let client = self.client(post) else { return false }
            return try await client.send(.get, "/readyz").status == 200
        }
    }

    private func start(_ post: Post) throws {
        let process =
            switch post {
            case .server(let number):
                try lab.start(
                    ["serve", "--port", "0", "--data", number == 0 ? lab.data : "\(lab.data)-\(number)"],
                    environment: engine.environment)
            case .worker: try startWorker()
            }
        state.withLock { $0.crew[post] = process }
    }

    private func startWorker() throws -> SpawnedProcess {
        let environment = engine.environment.merging(["SILLON_DATA": lab.data]) { mine, _ in mine }
        guard program != .sillon else {
            return try lab.start(["worker", "--roles", "indexer,audio,vector"], environment: environment)
        }
        return try lab.start(
            ["worker"] + (program == .unfenced ? ["--unfenced"] : []), environment: environment,
            program: SillonExecutable.sibling("chaos"))
    }
}
