import ArgumentParser
import Foundation
import Persistence

struct TasksPrune: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "prune",
        abstract: "Delete tasks that ended long ago, with their attempts; the server does so by itself after a while.",
        discussion: """
            Works on the database itself, beside a running server. Waiting and running tasks are never touched.

            Examples:
              sillon tasks prune
              sillon tasks prune --older-than 2d --state done --state cancelled
            """)

    @Option(help: ArgumentHelp("How long ago they ended: such as 36h or 14d.", valueName: "age"))
    var olderThan = Age(seconds: 14 * 24 * 3600)

    @Option(help: "Only tasks that ended so; may be given more than once. Default: done and cancelled.")
    var state: [HistoryPrune.Ending] = []

    @OptionGroup var databaseOptions: DatabaseOptions

    func run() async throws {
        let settings = try databaseOptions.settings()
        let database = try await settings.database.openExisting(settings)
        let endings: Set<HistoryPrune.Ending> = state.isEmpty ? [.done, .cancelled] : Set(state)
        let before = SystemClock.microseconds() - olderThan.seconds * 1_000_000
        let removed = try await HistoryPrune(database: database).run(before: before, endings: endings)
        try database.close()
        try Console.line(removed == 1 ? "1 task is gone." : "\(removed) tasks are gone.")
    }
}

/// "10m", "36h" or "14d".
struct Age: ExpressibleByArgument {
    let seconds: Int64

    /// Nobody's database is older; keeps sums far from their limits.
    private static let maxDays: Int64 = 36_500

    init(seconds: Int64) {
        self.seconds = seconds
    }

    init?(argument: String) {
        let unit: Int64
        switch argument.last {
        case "m": unit = 60
        case "h": unit = 3600
        case "d": unit = 24 * 3600
        default: return nil
        }
        guard let number = Int64(argument.dropLast()), (0...Self.maxDays * 24 * 60).contains(number),
            number * unit <= Self.maxDays * 24 * 3600
        else { return nil }
        seconds = number * unit
    }

    var defaultValueDescription: String { seconds == 0 ? "0" : "\(seconds / 86_400)d" }
}

extension HistoryPrune.Ending: ExpressibleByArgument {}
