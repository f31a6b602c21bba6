import Foundation
import Glibc
import NIOCore
import Persistence
import UseCases

/// A data folder that is ours alone, with its database open and an administrator's token in place.
struct ServerStart: Sendable {
    let services: Services
    /// Held as long as the server runs.
    private let lock: FolderLock

    /// Says where the server listens: to people, and to commands on the same data folder.
    func announce(_ channel: any Channel) {
        let settings = services.settings
        let port = channel.localAddress?.port ?? settings.port
        lock.announce(Welcome.address(settings, port: port))
        services.report.says("Listening on \(Welcome.address(settings, port: port))")
        services.report.arrived(.listener)
        Welcome.show(settings, port: port, services.logger)
    }

    /// - Parameter parts: what has to be there before the server is ready.
    static func prepare(_ settings: Settings, parts: Set<ServiceReport.Part>) async throws -> ServerStart {
        try settings.checkVectorSearch()
        let logger = LogSetup.start(settings)
        let report = ServiceReport(.ofProcess(), logger: logger)
        report.awaits(parts, "Opening the database and the index")
        if geteuid() == 0 { Console.note("running as root; an ordinary user is enough and safer") }
        // The database and what lies beside it hold paths and token hashes: files are the owner's alone.
        umask(0o077)
        let folder = DataFolder(path: settings.dataFolder)
        try folder.prepare()
        if folder.isOpenToOthers {
            Console.note("others may look into \(folder.path); better: chmod 700 \(folder.path)")
        }
        let lock = try FolderLock(path: settings.lockPath, folder: settings.dataFolder)
        let services = try await Services.open(settings: settings, report: report, logger: logger)
        do {
            try await services.similarity.prepare()
        } catch let problem as PgvectorProblem {
            throw CommandError.misconfigured("\(settings.name(of: SettingList.words.vectorSearch)): \(problem)")
        }
        let remarks = try await FirstToken.settle(
            settings: settings, tokens: services.stores.tokens, isWatched: Welcome.isWatched(settings))
        for line in remarks { try Welcome.tell(line, settings) }
        return ServerStart(services: services, lock: lock)
    }
}
