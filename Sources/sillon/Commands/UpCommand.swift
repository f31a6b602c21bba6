import ArgumentParser
import Domain
import Foundation
import NIOCore
import Persistence
import ServiceLifecycle
import UseCases

struct UpCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "up",
        abstract: "Run everything on this machine: API, workers and housekeeper.",
        discussion: """
            The first start makes an admin token, keeps it in the data folder (readable
            by you alone) and prints it once. Each --music folder becomes a library root
            and is scanned for changes. SIGTERM or Ctrl-C stops: running tasks finish or
            are handed back within 20 seconds, exit code 0; a second one ends at once, with
            143 (SIGTERM) or 130 (Ctrl-C), and the tasks run again after the next start.

            Examples:
              sillon up --music ~/Music
              sillon up --music /srv/music --data /srv/sillon --port 9000
              sillon up --roles indexer,vector     leave listening to other workers
            """)

    @Option(
        help: ArgumentHelp("A folder of music; may be given several times. Default: $SILLON_MUSIC.", valueName: "dir"))
    var music: [String] = []

    @Option(
        help: ArgumentHelp(
            "What to work on here: indexer, audio, vector, downloader, with commas between. Default: $SILLON_ROLES, else all.",
            valueName: "roles"))
    var roles: RoleList?

    @OptionGroup var options: ServerOptions

    func run() async throws {
        let settings = try options.settings(music: music, roles: roles)
        let folders = try settings.musicFolders()
        let start = try await ServerStart.prepare(settings, parts: [.listener, .worker])
        let services = start.services
        let fetched = try await DownloadPlaces(services).prepare(settings.downloadsHere, music: folders)
        let scanned = folders + [fetched].compactMap(\.self).filter { root in !folders.contains { $0.contains(root) } }
        let metrics = services.orchestratorMetrics
        let application = services.application(metrics: metrics) { channel in
            start.announce(channel)
            await LibraryStart(services: services).begin(scanned)
        }
        // Stopped from the last to the first: no new work is claimed, then no request is taken.
        try await ServerRun(services: services).run(
            services.upkeep + MetricsSetup.listeners(services.settings, metrics, logger: services.logger)
                + [application] + services.workers(roles: settings.rolesHere))
        withExtendedLifetime(start) {}
    }
}

struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Run the API and the housekeeper without workers.",
        discussion: """
            Examples:
              sillon serve
              sillon worker     in another shell: tags, sound, vectors, services outside
            """)

    @OptionGroup var options: ServerOptions

    func run() async throws {
        let start = try await ServerStart.prepare(options.settings(), parts: [.listener])
        let services = start.services
        let metrics = services.orchestratorMetrics
        try await ServerRun(services: services).run(
            services.upkeep + MetricsSetup.listeners(services.settings, metrics, logger: services.logger)
                + [services.application(metrics: metrics) { start.announce($0) }])
        withExtendedLifetime(start) {}
    }
}
