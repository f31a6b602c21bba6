import Files
import Logging
import Persistence
import ServiceLifecycle
import Telemetry

/// Lets the housekeeper make its rounds until the server stops, and gives space back to the disk in between.
struct HousekeeperService: Service {
    let housekeeper: Housekeeper
    let database: any Database
    let logger: Logger

    /// After a commit, by whichever process, a round is made this soon: a scan's end is seen at once.
    private static let lookInterval = Duration.milliseconds(500)
    /// Without commits there is a round after this many looks: a lost worker commits nothing.
    private static let looksPerIdleRound = 8
    private static let looksBetweenTidying = 7200

    func run() async throws {
        await cancelWhenGracefulShutdown {
            var looks = 0
            var seen: Int64?
            while !Task.isCancelled {
                let commits = await commits()
                if commits != seen || looks.isMultiple(of: Self.looksPerIdleRound) { report(await housekeeper.tick()) }
                seen = commits
                looks += 1
                if looks.isMultiple(of: Self.looksBetweenTidying) { await tidy() }
                try? await Task.sleep(for: Self.lookInterval)  // only cancellation throws here, and it ends the loop
            }
        }
    }

    /// Nil when the database does not answer; the round then says why.
    private func commits() async -> Int64? {
        try? await database.changeCounter()  // the round that follows says why
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
        if !report.finishedScans.isEmpty { ProcessMemory.giveBack() }
    }

    private func tidy() async {
        do {
            try await database.tidyUp()
        } catch {
            logger.warning("Tidying the database failed", metadata: [LogKeys.error: "\(error)"])
        }
    }
}
