import ArgumentParser
import Contracts
import Domain
import Foundation
import Persistence
import Telemetry
import UseCases

/// Times what `/metrics` answers and what the dashboard asks while the tables are big, on a fresh SQLite file or an empty database of a server.
struct BenchMetricsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "metrics",
        abstract: "Time the page of numbers, and what the dashboard asks, with a big queue and a long history.",
        discussion: """
            Every round reads the database anew, as the first of several scrapers does.

            Examples:
              sillon bench metrics --finished 1000000 --live 100000
              sillon bench metrics --database postgres://user@host/empty
            """)

    @Option(help: ArgumentHelp("Tasks in the history.", valueName: "n"))
    var finished = 1_000_000

    @Option(help: ArgumentHelp("Tasks in the queue.", valueName: "n"))
    var live = 100_000

    @Option(help: ArgumentHelp("Pages that are timed.", valueName: "n"))
    var rounds = 50

    @Option(
        help: ArgumentHelp("Where the database is made; the folder for temporary files by default.", valueName: "dir"))
    var folder: String?

    @Option(help: ArgumentHelp("An empty database on a server, in the place of a SQLite file.", valueName: "url"))
    var database: String?

    @Flag(help: "Print JSON, for scripts.")
    var json = false

    func validate() throws {
        guard (0...100_000_000).contains(finished), (0...10_000_000).contains(live) else {
            throw ValidationError("--finished is 0 to 100000000, --live 0 to 10000000")
        }
        guard (1...10_000).contains(rounds) else { throw ValidationError("--rounds is 1 to 10000") }
    }

    private struct Report: Encodable {
        let finished: Int
        let live: Int
        let milliseconds: Spread
        let bytes: Int
        let lines: Int
        /// Milliseconds of what pages of the dashboard ask, by name.
        let questions: [String: Spread]

        var text: String {
            let asked = questions.sorted { $0.key < $1.key }.map { "\n\($0.key): \($0.value.text(places: 2)) ms" }
            return """
                \(finished) finished and \(live) live tasks: a page in \(milliseconds.text(places: 2)) ms
                \(bytes) bytes, \(lines) lines
                """ + asked.joined()
        }
    }

    func run() async throws {
        let base = folder ?? FileManager.default.temporaryDirectory.path
        let path = base + "/sillon-bench-metrics-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: path) }  // what is left behind lies in a temporary folder
        let opened: any Database =
            try server().map { PostgresDatabase($0) } ?? SQLiteDatabase(path: path + "/sillon.db")
        _ = try await Migrator(database: opened).up(now: SystemClock.microseconds())
        let stores = try Stores(database: opened, lockFolder: nil, clock: SystemClock.microseconds)
        try await stores.tasks.loadBusyQueue(live: live, finished: finished)
        let report = try await measure(stores)
        try opened.close()
        try Console.line(json ? ContractJSON.encode(report) : report.text)
    }

    private func measure(_ stores: Stores) async throws -> Report {
        let registry = MetricsSetup.registry
        var (times, page) = ([Double](), "")
        for _ in 0..<rounds {
            let facts = DatabaseFacts { try await stores.facts.read() }
            let start = ContinuousClock.now
            page = await MetricsPage(registry: registry, sources: [facts]).text(.openMetrics)
            times.append((ContinuousClock.now - start) / .milliseconds(1))
        }
        guard page.contains("sillon_database_up 1\n") else {
            throw CommandError.failed("the database did not answer within two seconds")
        }
        return Report(
            finished: finished, live: live, milliseconds: Spread(times), bytes: page.utf8.count,
            lines: page.utf8.count { $0 == UInt8(ascii: "\n") },
            questions: try await DashboardQuestions(stores).times(rounds))
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
