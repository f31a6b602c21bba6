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
              SILLON_DATABASE_URL=postgres://… sillon worker --roles audio
            """)

    @Option(help: "What to work on: indexer, audio, vector, with commas between.")
    var roles: RoleList

    @Option(
        help:
            ArgumentHelp(
                "The database file, the data folder that holds it, or postgres://user@host/name.", valueName: "url"))
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
            flags: Settings.Flags(data: try Self.folder(database, environment), database: database),
            environment: environment)
        guard settings.database.exists else {
            throw CommandError.misconfigured(
                "there is no database at \(settings.database); start the server first: sillon serve")
        }
        let services = try await Services.open(settings: settings, logger: LogSetup.start(settings))
        try await ServerRun(services: services).run([WorkerService(worker: services.worker(roles: roles.roles))])
    }

    /// The folder that holds the database file; nil for the usual one.
    static func folder(_ database: String?, _ environment: Environment) throws -> String? {
        guard let database, !database.contains("://") else { return nil }
        let path = environment.absolute(database)
        guard path.hasSuffix(".db") else { return path }
        guard path.hasSuffix("/sillon.db") else {
            throw CommandError.misconfigured("the database file is called sillon.db, not \(path)")
        }
        return String(path.dropLast("/sillon.db".count))
    }
}
