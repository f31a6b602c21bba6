import Contracts
import TestSupport

/// Workers as processes of their own, beside a lab's server or away from it.
enum Fleet {
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
