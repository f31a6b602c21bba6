import ArgumentParser
import Contracts
import Domain
import Foundation
import Persistence
import UseCases

/// Drains no-op tasks through the real worker and broker, on a fresh SQLite file or an empty database of a server.
struct BenchQueueCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "queue",
        abstract: "Drain tasks that do nothing through a real worker.",
        discussion: """
            The audit row and the fence are on, as always. Printed are the median and
            the range of several drains, each on a SQLite file of its own, or in the empty
            database on a server that --database names.

            Examples:
              sillon bench queue --tasks 20000 --repeats 5 --json
              sillon bench queue --database postgres://user@host/empty
            """)

    @Option(help: ArgumentHelp("Tasks in each drain.", valueName: "n"))
    var tasks = 20_000

    @Option(help: ArgumentHelp("Drains.", valueName: "n"))
    var repeats = 5

    @Option(help: ArgumentHelp("Tasks in a lease; what the indexer takes on this device by default.", valueName: "n"))
    var batch: Int?

    @Option(help: ArgumentHelp("Lanes of the worker; as many as the indexer has by default.", valueName: "n"))
    var lanes: Int?

    @Option(help: ArgumentHelp("Tasks in a row, each queued by the one before it.", valueName: "n"))
    var chain = 1

    @Option(help: ArgumentHelp("Tasks that are due tomorrow and lie there meanwhile.", valueName: "n"))
    var scheduled = 0

    @Option(help: ArgumentHelp("Tasks drained before, on the same database.", valueName: "n"))
    var warmup = 0

    @Option(
        help: ArgumentHelp("Where the database is made; the folder for temporary files by default.", valueName: "dir"))
    var folder: String?

    @Option(help: ArgumentHelp("An empty database on a server, in the place of SQLite files.", valueName: "url"))
    var database: String?

    @Flag(help: "Print JSON, for scripts.")
    var json = false

    @Flag(
        help: ArgumentHelp(
            "Keep pace with a script.",
            discussion: """
                Says "ready" and "filled" and waits each time for a line on standard input;
                says "first" and "last" when the drain begins and ends.
                """))
    var paced = false

    func validate() throws {
        guard (1...10_000_000).contains(tasks) else { throw ValidationError("--tasks is 1 to 10000000") }
        guard (1...10_000).contains(batch ?? 1) else { throw ValidationError("--batch is 1 to 10000") }
        guard (1...64).contains(lanes ?? 1) else { throw ValidationError("--lanes is 1 to 64") }
        guard (1...NoopChain.maxFollowers).contains(chain), chain <= tasks else {
            throw ValidationError("--chain is 1 to \(NoopChain.maxFollowers), and no more than --tasks")
        }
        guard (0...10_000_000).contains(scheduled) else { throw ValidationError("--scheduled is 0 to 10000000") }
        guard (0...10_000_000).contains(warmup) else { throw ValidationError("--warmup is 0 to 10000000") }
        guard (1...100).contains(repeats) else { throw ValidationError("--repeats is 1 to 100") }
    }

    func run() async throws {
        let base = folder ?? FileManager.default.temporaryDirectory.path
        let profile = DeviceProbe().findings().profile
        let bench = QueueBench(
            tasks: tasks, batch: batch ?? profile.indexBatch, lanes: lanes ?? profile.indexerSlots + 1, chain: chain,
            scheduled: scheduled, warmup: warmup, pace: Pace(isOn: paced))
        let server = try server()
        var drains: [QueueBench.Drain] = []
        for _ in 0..<repeats {
            if let server {
                drains.append(try await bench.drain(server, PostgresOptions()))
            } else {
                drains.append(try await bench.drain(in: base))
            }
        }
        let report = QueueBench.Report(bench, drains: drains)
        try Console.line(json ? ContractJSON.encode(report) : report.text)
    }

    private func server() throws -> PostgresURL? {
        guard let database else { return nil }
        let location = try DatabaseLocation(database, source: "--database", .ofProcess())
        guard case .server(let url) = location else {
            throw CommandError.misconfigured("--database is for a database on a server; for files there is --folder")
        }
        return url
    }
}
