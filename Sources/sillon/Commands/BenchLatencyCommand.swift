import ArgumentParser
import Contracts
import Domain
import Foundation
import Logging
import Persistence
import Remote
import UseCases

/// Measures how soon a waiting worker begins a task.
struct BenchLatencyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "latency",
        abstract: "Measure how soon a waiting worker begins a task.",
        discussion: """
            Submits tasks that do nothing, one by one, to a queue on a fresh SQLite file,
            and measures from before each submission (which is durable) until a worker has
            the task in hand: once straight on the database, once over HTTP on loopback.

            With --server, a running server is measured, over HTTP and with an admin's
            token; it must have no worker of the role indexer.

            Example: sillon bench latency --tasks 300 --rate 10 --json
            """)

    @Option(help: ArgumentHelp("Tasks to measure.", valueName: "n"))
    var tasks = 100

    @Option(help: ArgumentHelp("Tasks a second.", valueName: "n"))
    var rate = 10.0

    @Option(
        help: ArgumentHelp("Where the database is made; the folder for temporary files by default.", valueName: "dir"))
    var folder: String?

    @Option(help: ArgumentHelp("Measure this server instead.", valueName: "url"))
    var server: String?

    @Option(help: ArgumentHelp("An admin's token for that server; else $SILLON_TOKEN.", valueName: "token"))
    var token: String?

    @Flag(help: "Print JSON, for scripts.")
    var json = false

    func validate() throws {
        guard (1...1_000_000).contains(tasks) else { throw ValidationError("--tasks is 1 to 1000000") }
        guard rate > 0, rate <= 10_000 else { throw ValidationError("--rate is above 0 and up to 10000") }
    }

    func run() async throws {
        let bench = LatencyBench(tasks: tasks, rate: rate)
        var report = LatencyReport(tasks: tasks, tasksPerSecond: rate)
        if let server {
            report.ways["server"] = try await measure(server, bench)
        } else {
            let stage = try await LatencyStage.open(in: folder ?? FileManager.default.temporaryDirectory.path)
            let submit: @Sendable () async throws -> Int64 = {
                try await stage.stores.tasks.submit(
                    NewTask(payload: .noop, priority: .normal), idempotencyKey: nil
                ).id
            }
            report.ways["sqlite"] = try await bench.run(on: stage.stores.broker, submit: submit)
            report.ways["http"] = try await stage.overHTTP { try await bench.run(on: $0, submit: submit) }
            await stage.close()
        }
        try Console.line(json ? ContractJSON.encode(report) : report.text)
    }

    private func measure(_ server: String, _ bench: LatencyBench) async throws -> LatencyReport.Way {
        let settings = try Settings.ofProcess(
            Settings.Flags(server: server, token: token), config: nil, isClient: true)
        guard let token = settings.token else {
            throw CommandError.misconfigured("an admin's token is needed: --token or SILLON_TOKEN")
        }
        let client = APIClient(settings: settings)
        let connection = try ServerConnection(
            address: try WorkerCommand.address(settings.server, false), token: token.value,
            logger: Logger(label: "bench"))
        let way = try await bench.run(on: RemoteBroker(server: connection)) {
            let body = JSONBody(["task": "noop", "version": 1, "payload": .object([:])])
            return try await client.post("/v1/tasks", body: body).decode(SubmittedView.self).id
        }
        try await connection.close()
        return way
    }

    private struct SubmittedView: Decodable {
        let id: Int64

        enum CodingKeys: String, CodingKey {
            case id = "task_id"
        }
    }
}
