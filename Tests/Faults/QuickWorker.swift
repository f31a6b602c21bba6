import Audio
import Domain
import Files
import Foundation
import Glibc
import Logging
import Persistence
import Similarity
import TestSupport
import UseCases

/// The product's worker with faster heartbeats, so that a lease ends within seconds; on demand without the fence.
///
/// The negative control needs a worker whose late results are believed. It is made here, by standing between the queue
/// and its database, so that the program itself has no switch for it.
package enum QuickWorker {
    package struct Misconfigured: Error {}

    private static let heartbeat = Duration.seconds(1)

    /// Runs until SIGINT or SIGTERM. Finds the database as `sillon worker` does.
    package static func run(isFenced: Bool, environment: [String: String]) async throws {
        guard let folder = environment["SILLON_DATA"] else { throw Misconfigured() }
        let real: any Database =
            if let url = environment["SILLON_DATABASE_URL"] {
                PostgresDatabase(try PostgresURL(url))
            } else {
                try SQLiteDatabase(path: folder + "/sillon.db")
            }
        let unfenced = isFenced ? nil : UnfencedDatabase(real)
        let stores = try Stores(
            database: unfenced ?? real, lockFolder: folder + "/workers",
            clock: { Int64(Date().timeIntervalSince1970 * 1e6) })
        let broker: any TaskBroker = unfenced.map { UnfencedBroker(base: stores.broker, database: $0) } ?? stores.broker
        let worker = worker(broker)
        let signals = StopSignals { worker.stop() }
        defer { signals.cancel() }
        try await worker.run()
        try real.close()
    }

    private static func worker(_ broker: any TaskBroker) -> Worker {
        let profile = DeviceProfile(model: "lab", cores: 2, memoryBytes: 2 << 30)
        let lanes = WorkLane.plan(roles: Set(Role.allCases), profile: profile)
        let kinds = Set(lanes.flatMap(\.kinds))
        var hosts = MediaHostSettings()
        hosts.executable = SillonExecutable.path
        let media = MediaHostPool(hosts)
        var timing = Worker.Timing()
        timing.heartbeat = heartbeat
        return Worker(
            registration: WorkerRegistration(
                id: Int64.random(in: 1...Int64.max), host: "lab", processID: getpid(), roles: Role.allCases,
                kinds: Dictionary(uniqueKeysWithValues: kinds.map { ($0, $0.currentVersion) }), slots: [:],
                version: "lab"),
            lanes: lanes, broker: broker,
            handlers: Handlers(walker: DirectoryWalker(), media: media, broker: broker, models: [Model()]),
            timing: timing, logger: Logger(label: "lab") { StreamLogHandler.standardError(label: $0) },
            endMedia: { await media.shutdown() })
    }

    private struct Model: EmbeddingModel {
        var name: String { AcousticV1.modelName }

        func embed(features: [Float]) throws -> [Float] {
            guard let embedding = AcousticV1.embed(features) else { throw Failure(.invalidPayload, "other features") }
            return embedding.vector
        }
    }
}
