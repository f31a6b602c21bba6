import Logging
import Persistence
import ServiceLifecycle
import Telemetry

/// Lets the housekeeper make its rounds until the server stops, and gives space back to the disk in between.
struct HousekeeperService: Service {
    let housekeeper: Housekeeper
    let database: SQLiteDatabase
    let logger: Logger

    /// A lost worker's tasks and a scan's end are seen within this time. A round with nothing to do only reads.
    private static let interval = Duration.seconds(2)
    private static let roundsBetweenTidying = 1800

    func run() async throws {
        await cancelWhenGracefulShutdown {
            var rounds = 0
            while !Task.isCancelled {
                report(await housekeeper.tick())
                rounds += 1
                if rounds.isMultiple(of: Self.roundsBetweenTidying) { await tidy() }
                try? await Task.sleep(for: Self.interval)  // only cancellation throws here, and it ends the loop
            }
        }
    }

    private func report(_ report: Housekeeper.Report) {
        if let problem = report.problem {
            logger.warning("The housekeeper's round stopped short", metadata: [LogKeys.error: "\(problem)"])
        }
        if report.rescued > 0 {
            logger.notice("Tasks of a lost worker were put back", metadata: [LogKeys.count: "\(report.rescued)"])
        }
        for scan in report.finishedScans {
            logger.info("A scan ended", metadata: [LogKeys.scanID: "\(scan)"])
        }
    }

    private func tidy() async {
        do {
            try await database.tidyUp()
        } catch {
            logger.warning("Tidying the database failed", metadata: [LogKeys.error: "\(error)"])
        }
    }
}
