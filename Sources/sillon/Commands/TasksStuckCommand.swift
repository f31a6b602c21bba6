import ArgumentParser
import Contracts
import Foundation
import Persistence

struct TasksStuck: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stuck",
        abstract: "Tell which tasks do not move, and why: no worker takes them, or theirs is gone.",
        discussion: """
            Reads the database itself, so it works without a server. A task that runs is named when its worker is gone
            or its deadline has passed, one that waits when no living worker serves its role, understands it, or
            takes such work now.

            Examples:
              sillon tasks stuck
              sillon tasks stuck --waiting-for 10m
              sillon tasks stuck --json
            """)

    @Option(
        help: ArgumentHelp(
            "Of those that wait, only what has waited so long: minutes, hours or days, such as 10m.",
            valueName: "age"))
    var waitingFor = Age(seconds: 0)

    @OptionGroup var databaseOptions: DatabaseOptions

    @Flag(help: "Print JSON, for scripts.")
    var json = false

    func run() async throws {
        let settings = try databaseOptions.settings()
        let database = try await settings.database.openExisting(settings)
        let groups = try await StuckTasks(database: database, patienceSeconds: waitingFor.seconds)
            .groups(clock: SystemClock.microseconds)
        try database.close()
        if json { return try Console.line(ContractJSON.encode(groups)) }
        guard !groups.isEmpty else { return Console.note("no task is stuck") }
        var table = TextTable([
            .init("TASK"), .init("STATE"), .init("COUNT", .right), .init("OLDEST", .right),
            .init("WHY", canShrink: true),
        ])
        for group in groups {
            table.add([group.kind, group.state, "\(group.count)", "\(group.oldestTask)", group.why])
        }
        try Console.table(table)
    }
}
