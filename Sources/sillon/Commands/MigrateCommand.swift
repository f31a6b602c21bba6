import ArgumentParser
import Contracts
import Foundation
import Persistence

struct MigrateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "migrate",
        abstract: "Bring the database's schema up, take steps back, or show where it stands.",
        discussion: """
            sillon up and sillon serve bring the schema up by themselves. Taking steps back loses what they hold.

            Examples:
              sillon migrate status
              sillon migrate up --data /srv/sillon
              sillon migrate down --to 1
              SILLON_DATABASE_URL=postgres://… sillon migrate status
            """,
        subcommands: [MigrateUp.self, MigrateDown.self, MigrateStatus.self])
}

struct MigrateUp: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "up", abstract: "Apply the steps that are missing.",
        discussion: """
            Examples:
              sillon migrate up
              sillon migrate up --data /srv/sillon
              SILLON_DATABASE_URL=postgres://… sillon migrate up --to 2
            """)

    @Option(help: ArgumentHelp("Stop after this step.", valueName: "step"))
    var to: Int?

    @OptionGroup var databaseOptions: DatabaseOptions

    func run() async throws {
        let settings = try databaseOptions.settings()
        if case .file = settings.database { try DataFolder(path: settings.dataFolder).prepare() }
        let database = try settings.database.open(settings)
        try await settings.database.checkAnswer(of: database)
        let applied = try await SchemaUpgrade(database: database, dataFolder: settings.dataFolder).run(to: to)
        try Console.line(applied.isEmpty ? "Nothing to do." : "Applied: \(list(applied)).")
    }
}

struct MigrateDown: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "down", abstract: "Take back the newest step, or every step above --to. Their data is lost.",
        discussion: """
            Examples:
              sillon migrate down
              sillon migrate down --to 2
            """)

    @Option(help: ArgumentHelp("The step to go back to; 0 takes everything back.", valueName: "step"))
    var to: Int?

    @OptionGroup var databaseOptions: DatabaseOptions

    func run() async throws {
        let settings = try databaseOptions.settings()
        guard settings.database.exists else {
            throw CommandError.failed("there is no database in \(settings.dataFolder)")
        }
        try DataFolder(path: settings.dataFolder).prepare()
        let lock = try FolderLock(path: settings.lockPath, folder: settings.dataFolder)
        let database = try settings.database.open(settings)
        try await settings.database.checkAnswer(of: database)
        let migrator = Migrator(database: database)
        _ = try await migrator.isCurrent()  // a schema of a newer build is not ours to look into
        try await DatabaseUse.check(database)
        let newest = try await migrator.status().last { $0.isApplied }?.version ?? 0
        let undone = try await migrator.down(to: to ?? newest - 1)
        try Console.line(undone.isEmpty ? "Nothing to do." : "Taken back: \(list(undone)).")
        withExtendedLifetime(lock) {}
    }
}

struct MigrateStatus: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "List the steps.",
        discussion: """
            Examples:
              sillon migrate status
              sillon migrate status --json
            """)

    @OptionGroup var databaseOptions: DatabaseOptions

    @Flag(help: "Print JSON, for scripts.")
    var json = false

    func run() async throws {
        let settings = try databaseOptions.settings()
        guard settings.database.exists else {
            throw CommandError.failed("there is no database in \(settings.dataFolder)")
        }
        let database = try settings.database.open(settings)
        try await settings.database.checkAnswer(of: database)
        let steps = try await Migrator(database: database).status()
        if json {
            return try Console.line(
                ContractJSON.encode(
                    steps.map { Row(step: $0.version, name: $0.name, applied: $0.isApplied, known: $0.isKnown) }))
        }
        var table = TextTable([.init("STEP", .right), .init("NAME"), .init("APPLIED")])
        for step in steps {
            let applied = step.isKnown ? step.isApplied ? "yes" : "no" : "yes, by a newer Sillon; unknown to this one"
            table.add(["\(step.version)", step.name, applied])
        }
        try Console.table(table)
    }

    private struct Row: Encodable {
        let step: Int
        let name: String
        let applied: Bool
        let known: Bool
    }
}

private func list(_ steps: [Int]) -> String {
    steps.map(String.init).joined(separator: ", ")
}
