import Domain
import Files
import Logging
import Persistence
import ServiceLifecycle
import Telemetry
import UseCases

/// Lets the housekeeper make its rounds until the server stops, and gives space back to the disk in between.
struct HousekeeperService: Service {
    let housekeeper: Housekeeper
    let database: any Database
    /// Nil where nobody watches.
    let loops: LoopWatch?
    let logger: Logger

    /// After a commit, by whichever process, a round is made this soon: a scan's end is seen at once.
    private static let lookInterval = Duration.milliseconds(500)
    /// Without commits there is a round after this many looks: a lost worker commits nothing.
    private static let looksPerIdleRound = 8
    private static let looksBetweenTidying = 7200

    func run() async throws {
        let loop = loops?.begin("housekeeper")
        defer { loop?.ends() }
        await cancelWhenGracefulShutdown {
            var looks = 0
            var seen: Int64?
            while !Task.isCancelled {
                loop?.asks()
                let commits = await commits()
                if commits != seen || looks.isMultiple(of: Self.looksPerIdleRound) { report(await housekeeper.tick()) }
                seen = commits
                looks += 1
                if looks.isMultiple(of: Self.looksBetweenTidying) { await tidy() }
                loop?.sleeps(Self.lookInterval)
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
        tell(of: report.rescuedTasks)
        for scan in report.endedScans { tell(of: scan) }
        if !report.finishedScans.isEmpty { ProcessMemory.giveBack() }
    }

    /// A worker may have held thousands.
    private static let rescuedShownMax = 20

    private func tell(of rescued: [RescuedTask]) {
        guard !rescued.isEmpty else { return }
        logger.notice("Tasks of a lost worker were put back", metadata: [LogKeys.count: "\(rescued.count)"])
        let back = rescued.filter { $0.end != .buried }
        for task in back.prefix(Self.rescuedShownMax) {
            logger.notice("A task lost its worker", metadata: task.metadata)
        }
        // Each of these needs somebody.
        for task in rescued where task.end == .buried {
            logger.warning("A task is a dead letter: it lost its worker too often", metadata: task.metadata)
        }
    }

    private func tell(of scan: Scan) {
        var metadata: Logger.Metadata = [
            LogKeys.scanID: .string(scan.id), LogKeys.path: .string(scan.path.display),
            LogKeys.outcome: .string(scan.state.rawValue),
        ]
        if let notice = scan.notice { metadata[LogKeys.reason] = .string(notice) }
        logger.info("A scan ended", metadata: metadata)
    }

    private func tidy() async {
        do {
            try await database.tidyUp()
        } catch {
            logger.warning("Tidying the database failed", metadata: [LogKeys.error: "\(error)"])
        }
    }
}

extension RescuedTask {
    fileprivate var metadata: Logger.Metadata {
        [
            LogKeys.taskID: .stringConvertible(id), LogKeys.kind: .string(kind),
            LogKeys.attempt: .stringConvertible(attempt), LogKeys.outcome: .string(end.rawValue),
        ]
    }
}
