import ArgumentParser
import Domain
import Foundation

struct WorkerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "worker",
        abstract: "Run workers beside a server, on the same database.",
        discussion: """
            Examples:
              sillon worker --roles audio
              sillon worker --roles indexer,vector --database /srv/sillon
            """)

    @Option(help: "What to work on: indexer, audio, vector, with commas between.")
    var roles: RoleList

    @Option(help: ArgumentHelp("The database file, or the data folder that holds it.", valueName: "path"))
    var database: String?

    @Option(help: ArgumentHelp("Not yet: work for a server over the network.", valueName: "url"))
    var server: String?

    @Option(help: .hidden)
    var token: String?

    func run() async throws {
        guard server == nil, token == nil else {
            throw CommandError.misconfigured("workers over the network come with a later version; use --database")
        }
        let environment = Environment.ofProcess()
        let settings = try Settings(
            flags: Settings.Flags(data: try Self.folder(database, environment)), environment: environment)
        guard access(settings.databasePath, F_OK) == 0 else {
            throw CommandError.misconfigured(
                "there is no database at \(settings.databasePath); start the server first: sillon serve")
        }
        let services = try await Services.open(settings: settings, logger: LogSetup.start(settings))
        try await ServerRun(services: services).run([WorkerService(worker: services.worker(roles: roles.roles))])
    }

    /// The folder that holds the database; nil for the usual one.
    static func folder(_ database: String?, _ environment: Environment) throws -> String? {
        guard let database else { return nil }
        guard !database.contains("://") else {
            throw CommandError.misconfigured("databases on a server come with a later version; give a path")
        }
        let path = environment.absolute(database)
        guard path.hasSuffix(".db") else { return path }
        guard path.hasSuffix("/sillon.db") else {
            throw CommandError.misconfigured("the database file is called sillon.db, not \(path)")
        }
        return String(path.dropLast("/sillon.db".count))
    }
}
