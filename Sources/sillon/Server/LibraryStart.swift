import Domain
import Logging
import Persistence
import Telemetry
import UseCases

/// Makes the folders of the command line library roots and starts a scan of each.
struct LibraryStart: Sendable {
    let services: Services

    /// A folder that cannot be had is logged; the others are scanned all the same.
    func begin(_ folders: [FilePath]) async {
        for folder in folders {
            do {
                try await scan(folder)
            } catch {
                services.logger.error(
                    "The folder cannot be scanned",
                    metadata: [LogKeys.path: "\(folder.display)", LogKeys.error: "\(error)"])
            }
        }
    }

    private func scan(_ folder: FilePath) async throws {
        let scans = services.stores.scans
        let isKnown = try await scans.libraryRoots().contains { $0.contains(folder) }
        if !isKnown { try await scans.addLibraryRoot(folder) }
        let open = try await scans.scans(PageRequest(limit: PageRequest.maxLimit)).items.first { scan in
            scan.path == folder && !scan.isShallow && (scan.state == .queued || scan.state == .running)
        }
        if let open {
            services.logger.info(
                "A scan goes on", metadata: [LogKeys.scanID: "\(open.id)", LogKeys.path: "\(folder.display)"])
            return
        }
        // A watcher may have been faster.
        let scan = try await scans.startScan(
            NewScan(path: folder, mode: .quick, priority: .normal, until: .vector), unlessSince: services.startedAt
        ).scan
        services.logger.info(
            "A scan started", metadata: [LogKeys.scanID: "\(scan.id)", LogKeys.path: "\(folder.display)"])
    }
}
