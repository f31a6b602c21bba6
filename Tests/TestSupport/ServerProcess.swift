import Foundation

/// `sillon up` or `sillon serve` on a free port of the loopback, ready to answer.
package struct ServerProcess: Sendable {
    package enum Command: String, Sendable {
        case up, serve
    }

    package let process: SpawnedProcess
    package let api: Client

    package init(process: SpawnedProcess, api: Client) {
        self.process = process
        self.api = api
    }

    /// Waits until `/readyz` says that all is well.
    ///
    /// - Parameter data: another data folder than the lab's, for a second server on the same database.
    package static func start(
        _ lab: Lab, _ command: Command = .up, music: [String] = [], arguments: [String] = [],
        data: String? = nil, wrapper: [String] = [], environment: [String: String] = [:], limit: Duration = .seconds(60)
    ) async throws -> ServerProcess {
        let data = data ?? lab.data
        let folders = music.flatMap { ["--music", $0] }
        let process = try lab.start(
            [command.rawValue, "--data", data, "--port", "0"] + folders + arguments, wrapper: wrapper,
            environment: environment.merging(lab.databaseVariables) { mine, _ in mine })
        let url = try await until("the server says where it listens", limit) { () -> String? in
            if let exit = process.exit {
                throw TimedOut(description: "the server ended with \(exit): \(Lab.text(process.errors).suffix(2000))")
            }
            return address(in: process.words)
        }
        let secret = Lab.text(lab.data + "/admin-token").trimmingCharacters(in: .whitespacesAndNewlines)
        let api = Client(base: url, token: secret)
        try await until("the server is ready", limit) { try await api.send(.get, "/readyz").status == 200 }
        return ServerProcess(process: process, api: api)
    }

    /// Asks it to stop and waits for that.
    package func stop(_ limit: Duration = .seconds(40)) async throws -> SpawnedProcess.Exit {
        process.signal(SIGTERM)
        return try await process.waitForExit(limit)
    }

    /// `Sillon listens on http://127.0.0.1:40123`
    package static func address(in text: String) -> String? {
        guard let start = text.range(of: "listens on http://") else { return nil }
        let rest = text[start.upperBound...]
        guard let end = rest.firstIndex(where: { $0 == "\n" || $0 == " " }) else { return nil }
        return "http://" + rest[..<end]
    }
}
