import Contracts
import Domain
import Foundation
import Persistence
import Similarity
import TestSupport

/// What a fault works with: the running system, and how long it may last.
struct Stage: Sendable {
    let plan: ChaosPlan
    let fleet: ChaosFleet
    let engine: any LabEngine
    let load: Load
    let server: PostgresServer?
    let cutter: CommitCutter?
    let disk: SmallDisk?
    let seconds: Double
    let seed: UInt64

    /// What a fault did, in a few words, and what it should not have met.
    struct Deed: Sendable {
        var text: String
        var problems: [String] = []
        /// Keys of no-ops that were asked for, and whose answer is still owed.
        var owed: [String] = []
    }

    struct Problem: Error, CustomStringConvertible {
        let description: String
    }

    func postgres() throws -> PostgresServer {
        guard let server else { throw Problem(description: "this fault needs a database server") }
        return server
    }

    /// Calls `body` every `interval` until the time is over, and answers how often.
    func repeatedly(every interval: Duration, _ body: () async throws -> Void) async throws -> Int {
        let end = ContinuousClock.now + .seconds(seconds)
        var count = 0
        while ContinuousClock.now < end {
            try await body()
            count += 1
            try await Task.sleep(for: interval)
        }
        return count
    }

    func run(_ fault: Fault) async throws -> Deed {
        switch fault {
        case .kill: try await killAtRandom()
        case .freeze: try await freezeWorker()
        case .restartDB: try await restartDatabase()
        case .cutBackends: try await cutBackends()
        case .freezeDB: try await freezeDatabase()
        case .fewConnections: try await starveOfConnections()
        case .fullDisk: try await fillDisk()
        case .cutCommit: try await cutCommits()
        }
    }
}
