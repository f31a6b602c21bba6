import API
import Domain
import Foundation
import Hummingbird
import Logging
import NIOCore
import Persistence
import Remote
import ServiceLifecycle
import UseCases

/// A server of its own on a fresh SQLite file, for measuring: the queue as it is, and the way to it over HTTP.
struct LatencyStage: Sendable {
    let stores: Stores
    private let services: Services
    private let folder: String

    static func open(in base: String) async throws -> LatencyStage {
        let folder = base + "/sillon-bench-\(UUID().uuidString)"
        try DataFolder(path: folder).prepare()
        let environment = Environment(variables: [:], currentFolder: "/", standardErrorIsTerminal: false)
        let settings = try Settings(
            flags: Settings.Flags(data: folder, host: Settings.defaultHost, port: 0),
            environment: environment)
        var logger = Logger(label: "bench")
        logger.logLevel = .warning
        let services = try await Services.open(
            settings: settings, report: ServiceReport(environment, logger: logger), logger: logger)
        return LatencyStage(stores: services.stores, services: services, folder: folder)
    }

    func close() async {
        await services.close()
        try? FileManager.default.removeItem(atPath: folder)  // a leftover in a folder for temporary files
    }

    /// A worker's way to the queue over the loopback, while `body` runs.
    func overHTTP<Result: Sendable>(
        _ body: @Sendable (any TaskBroker) async throws -> Result
    ) async throws -> Result {
        let secret = try await stores.tokens.createToken(name: "bench", role: .worker, expiresAt: nil).secret
        let (ports, announce) = AsyncStream.makeStream(of: Int.self)
        let application = services.application { announce.yield($0.localAddress?.port ?? 0) }
        let group = ServiceGroup(services: [application], logger: services.logger)
        return try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            var iterator = ports.makeAsyncIterator()
            let port = await iterator.next() ?? 0
            let server = try ServerConnection(
                address: try ServerAddress("http://\(Settings.defaultHost):\(port)"), token: secret,
                logger: services.logger)
            let result = try await body(RemoteBroker(server: server))
            try await server.close()
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
            return result
        }
    }
}
