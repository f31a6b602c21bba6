import Contracts
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
        let place = lab.server == nil ? ["--database", lab.data] : []
        return try lab.start(
            ["worker", "--roles", "indexer,audio,vector"] + place, environment: lab.databaseVariables)
    }

    /// A worker as on another device: no database, a token of its own.
    static func remoteWorker(
        _ lab: Lab, _ api: Client, roles: String = "indexer,audio,vector", cache: String = "cache",
        arguments: [String] = []
    ) async throws -> SpawnedProcess {
        let token = try await workerToken(api, roles: roles)
        return try lab.start(
            ["worker", "--roles", roles, "--server", api.base, "--cache", lab.folder + "/" + cache] + arguments,
            environment: ["SILLON_TOKEN": token.secret])
    }

    static func workerToken(_ api: Client, roles: String) async throws -> (id: Int64, secret: String) {
        let made = try await api.ask(
            .post, "/v1/tokens",
            [
                "name": "device", "role": "worker",
                "work_roles": .array(roles.split(separator: ",").map { .string(String($0)) }),
            ])
        guard let id = made["token"]?["id"]?.int, let secret = made["secret"]?.text else {
            throw Client.Unexpected(description: "no token in \(made)")
        }
        return (id, secret)
    }
}
