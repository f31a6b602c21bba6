import ArgumentParser
import Domain
import Foundation
import Logging
import Remote
import UseCases

struct WorkerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "worker",
        abstract: "Run workers: beside a server on its database, or on another device.",
        discussion: """
            With --server the device needs one token and no database: it asks the server
            for tasks, finds files in folders that are mapped (--map) when they are the
            same there, and else fetches them. A worker walks only folders that are mapped.
            A server that is not there yet is waited for.
            SIGTERM or Ctrl-C: running tasks finish or are handed back within 20 seconds.

            Examples:
              sillon worker --roles audio
              sillon worker --roles indexer,vector --database /srv/sillon
              SILLON_DATABASE_URL=postgres://… sillon worker --roles audio
              sillon worker --roles audio,vector --server https://pi.local:8080 \\
                  --token sillon_… --map /srv/music=/mnt/nas/music
            """)

    @Option(
        help: ArgumentHelp(
            "What to work on: indexer, audio, vector, downloader, with commas between. Default: $SILLON_ROLES.",
            valueName: "roles"))
    var roles: RoleList?

    @Option(
        help:
            ArgumentHelp(
                "The database file, the data folder that holds it, or postgres://user@host/name.", valueName: "url"))
    var database: String?

    @Option(help: ArgumentHelp("Work for this server, without a database.", valueName: "url"))
    var server: String?

    @Option(
        help: ArgumentHelp(
            "A worker's token (sillon token create --role worker). Better in $SILLON_TOKEN, which ps does not show.",
            valueName: "token"))
    var token: String?

    @Option(
        help: ArgumentHelp(
            "Where a folder of the server lies on this device; may be given several times. Default: $SILLON_MAP.",
            valueName: "server=local"))
    var map: [PathRule] = []

    @Option(help: SettingList.elsewhere.certificates.help("file"))
    var ca: String?

    @Option(help: SettingList.elsewhere.cache.help("dir"))
    var cache: String?

    @Option(help: SettingList.elsewhere.cacheLimit.help("size"))
    var cacheLimit: ByteCount?

    @Option(help: SettingList.work.analysis.help("mode"))
    var analysis: AnalysisMode?

    @Option(help: ConfigFile.help)
    var config: String?

    @Flag(help: "Send the token over plain HTTP to a server outside the local network. Default: $SILLON_INSECURE.")
    var insecure = false

    func validate() throws {
        guard server == nil || database == nil else {
            throw ValidationError("--server and --database exclude each other")
        }
        guard server != nil || (map.isEmpty && ca == nil && cache == nil && !insecure) else {
            throw ValidationError("--map, --ca, --cache and --insecure need --server")
        }
    }

    func run() async throws {
        let environment = Environment.ofProcess()
        if let server { return try await run(for: server, environment) }
        let settings = try Settings.ofProcess(
            Settings.Flags(
                data: try Self.folder(database, environment), database: database, analysis: analysis, roles: roles),
            config: config)
        let roles = try Self.roles(settings)
        guard settings.database.exists else {
            throw CommandError.misconfigured(
                "there is no database at \(settings.database); start the server first: sillon serve")
        }
        let logger = LogSetup.start(settings)
        let report = ServiceReport(environment, logger: logger)
        report.awaits([.worker], "Working on \(roles.defaultValueDescription)")
        let services = try await Services.open(settings: settings, part: "worker", report: report, logger: logger)
        if roles.roles.contains(.downloader) {
            try await DownloadPlaces(services).prepare(settings.downloads.folders)
        }
        let metrics = MetricsSetup.page(settings)
        try await ServerRun(services: services).run(
            MetricsSetup.listeners(settings, metrics, logger: services.logger)
                + [services.historian(isKeeper: false)] + services.workers(roles: roles.roles))
    }

    private func run(for server: String, _ environment: Environment) async throws {
        let settings = try Settings.ofProcess(
            Settings.Flags(
                server: server, token: token, analysis: analysis, roles: roles, map: map, certificates: ca,
                cache: cache, cacheLimit: cacheLimit, isInsecure: insecure),
            config: config)
        let roles = try Self.roles(settings)
        guard let token = settings.token else {
            throw CommandError.misconfigured(
                "a worker's token is needed: --token or SILLON_TOKEN; an admin makes one with: sillon token create "
                    + "--role worker")
        }
        let logger = LogSetup.start(settings)
        let elsewhere = settings.elsewhere
        let address = try Self.address(settings.server, elsewhere.isInsecure)
        for problem in elsewhere.mapProblems(settings.name(of: SettingList.elsewhere.map)) {
            Console.note("\(problem); what lies there is fetched")
        }
        if address.isOverheard {
            Console.note("the token and the music travel unencrypted to \(address.url); better: https")
        }
        let report = ServiceReport(environment, logger: logger)
        // Ready at once: to wait for a server that is not there yet is its work.
        report.awaits([], "Waiting for \(address.url)")
        umask(0o077)
        let cacheFolder = try elsewhere.cacheFolder(environment)
        let metrics = MetricsSetup.page(settings, cache: cacheFolder)
        let traces = TraceSetup(settings, part: "worker", logger: logger)
        let remote = try Self.worker(
            address, token, report, logger, certificates: settings.name(of: SettingList.elsewhere.certificates),
            RemoteWorker.Options(
                roles: roles.roles, map: elsewhere.map, cacheFolder: cacheFolder, cacheLimit: elsewhere.cacheLimit,
                certificates: elsewhere.certificates, analysis: settings.analysis, hours: settings.hours,
                deviceOverrides: settings.deviceOverrides,
                wantsFingerprint: settings.wantsFingerprint, embedding: settings.embedding,
                services: settings.services, recorder: traces?.recorder))
        do {
            report.arrived(.worker)
            let run = ServerRun(settings: settings, logger: logger, traces: traces?.service, report: report) {
                await remote.close()
            }
            try await run.run(
                MetricsSetup.listeners(settings, metrics, logger: logger)
                    + [WorkerService(worker: remote.worker)] + remote.upkeep)
        } catch let refusal as AccessRefused {
            throw CommandError.misconfigured("\(address.url) refuses this worker: \(refusal)")
        } catch let error as StoreError {
            throw CommandError.misconfigured("\(address.url) cannot be worked for: \(error)")
        }
    }

    private static func roles(_ settings: Settings) throws(CommandError) -> RoleList {
        guard let roles = settings.roles else {
            throw .usage("say what to work on: --roles \(RoleList.all.defaultValueDescription), or some of them")
        }
        return roles
    }

    static func address(_ text: String, _ insecure: Bool) throws(CommandError) -> ServerAddress {
        do {
            return try ServerAddress(text, allowsExposure: insecure)
        } catch .notAnAddress {
            throw .misconfigured("the server is an address such as https://music.local:8080, not \"\(text)\"")
        } catch {
            throw .misconfigured(
                "\(text) is plain HTTP and may be far away: whoever is on the way could read the token. Use https, or "
                    + "say --insecure")
        }
    }

    private static func worker(
        _ address: ServerAddress, _ token: Secret, _ report: ServiceReport, _ logger: Logger, certificates: String,
        _ options: RemoteWorker.Options
    ) throws -> RemoteWorker {
        do {
            return try RemoteWorker(
                address: address, token: token, options: options, report: report, logger: logger)
        } catch let failure as Failure {
            throw CommandError.misconfigured(failure.message)
        } catch {
            throw CommandError.misconfigured("\(certificates) \(options.certificates ?? "") cannot be used: \(error)")
        }
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
