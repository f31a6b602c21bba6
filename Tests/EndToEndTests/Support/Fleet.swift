import Glibc
import Synchronization

/// A server and its workers as separate processes, any of which may be killed and started again.
final class Fleet: Sendable {
    private struct Crew {
        var server: ServerProcess
        var workers: [SpawnedProcess]
    }

    private let lab: Lab
    private let crew: Mutex<Crew>

    init(_ lab: Lab, workers: Int) async throws {
        self.lab = lab
        let server = try await ServerProcess.start(lab, .serve)
        let started = try (0..<workers).map { _ in try Fleet.worker(lab) }
        crew = Mutex(Crew(server: server, workers: started))
    }

    /// Speaks to the server of the moment: each start listens on another port.
    var api: Client { crew.withLock { $0.server.api } }

    var workers: [SpawnedProcess] { crew.withLock { $0.workers } }

    var serverID: SpawnedProcess { crew.withLock { $0.server.process } }

    func killServer() async throws {
        crew.withLock { $0.server.process.kill() }
        let next = try await ServerProcess.start(lab, .serve)
        crew.withLock { $0.server = next }
    }

    func killWorker(_ index: Int) throws {
        crew.withLock { $0.workers[index].kill() }
        let next = try Fleet.worker(lab)
        crew.withLock { $0.workers[index] = next }
    }

    /// Kills one child that reads media. False when there is none at the moment.
    func killMediaHost(_ choice: UInt64) -> Bool {
        let hosts = workers.flatMap { Processes.mediaHosts(of: $0.id) }.sorted()
        guard !hosts.isEmpty else { return false }
        return kill(hosts[Int(choice % UInt64(hosts.count))], SIGKILL) == 0
    }

    static func worker(_ lab: Lab) throws -> SpawnedProcess {
        try lab.start(["worker", "--roles", "indexer,audio,vector", "--database", lab.data])
    }
}
