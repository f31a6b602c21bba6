import Foundation

/// A real Redis, for one test.
package final class RedisServer: Sendable {
    private let process: SpawnedProcess
    private let folder: String
    package let port: Int

    package init(password: String? = nil) async throws {
        let folder = NSTemporaryDirectory() + "sillon-redis-\(UUID().uuidString.prefix(8))"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        self.folder = folder
        let port = Int.random(in: 20_000..<30_000)
        self.port = port
        process = try SpawnedProcess(
            "redis-server",
            ["--port", "\(port)", "--bind", "127.0.0.1", "--save", "", "--dir", folder]
                + (password.map { ["--requirepass", $0] } ?? []),
            environment: ["PATH": "/usr/bin:/bin"], log: folder + "/redis")
        try await until("Redis is ready") { Lab.text(process.output).contains("eady to accept connections") }
    }

    deinit {
        process.kill()
        do { try FileManager.default.removeItem(atPath: folder) } catch { print("the folder stays: \(error)") }
    }

    package func stop() { process.kill() }
}
