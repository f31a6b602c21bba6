import Domain
import Synchronization
import UseCases

/// What nobody in particular does: rescues the tasks of lost workers, lets scheduled tasks come due, finishes scans,
/// prunes history. Any number of processes may run one; each step looks again inside its transaction.
package final class Housekeeper: Sendable {
    package struct Report: Hashable, Sendable {
        package var rescuedTasks: [RescuedTask] = []
        package var promoted = 0
        package var endedScans: [Scan] = []
        package var pruned = 0
        /// Why this round stopped short; the next one tries again.
        package var problem: StoreError?

        package var rescued: Int { rescuedTasks.count }
        /// Their UUIDs.
        package var finishedScans: [String] { endedScans.map(\.id) }
    }

    package struct Options: Sendable {
        /// History of tasks that ended well, or were cancelled.
        package var historySeconds: Int64 = 14 * 24 * 3600
        /// Dead letters, and the runs of tasks that failed.
        package var errorSeconds: Int64 = 90 * 24 * 3600
        /// Scans with their ledgers; the last one of each root stays however old it is.
        package var scanSeconds: Int64 = 90 * 24 * 3600
        /// Tokens that were revoked or have expired.
        package var deadTokenSeconds: Int64 = 90 * 24 * 3600
        /// What others were told of.
        package var announcementSeconds: Int64 = 30 * 24 * 3600
        /// What became of tasks, by the hour and by the day.
        package var periodSeconds: Int64 = 366 * 24 * 3600
        package var deadWorkerSeconds: Int64 = 24 * 3600
        /// Seconds between rounds of pruning.
        package var pruneEverySeconds: Int64 = 3600
        /// A gap between ticks that shows that this process stood still, and the time the workers then have.
        package var stallSeconds: Int64 = 10
        package var graceSeconds: Int64 = 20
        /// Dead letters are told of so long after the first of them, since one seldom comes alone; and not more often than
        /// that.
        package var untoldSeconds: Int64 = 10
        package var tellEverySeconds: Int64 = 60
        /// Rows that one tick looks at for pruning.
        package var pruneBatch = 1000

        package init() {}
    }

    private let context: QueueContext
    private let locks: WorkerLocks?
    private let options: Options
    private let pruning: Pruning

    private struct Pace {
        /// Microseconds of the lease clock, as is the other.
        var lastTick: Int64?
        var trustsFrom: Int64 = 0
    }

    private let pace = Mutex(Pace())

    init(context: QueueContext, locks: WorkerLocks?, options: Options) {
        self.context = context
        self.locks = locks
        self.options = options
        pruning = Pruning(context: context, options: options)
    }

    /// One round. Reads when there is nothing to do; writes only what changed.
    @discardableResult
    package func tick() async -> Report {
        var report = Report()
        do {
            let work = try await look()
            for worker in work.goneWorkers { report.rescuedTasks += try await rescue(worker, isCertain: true) }
            if trustsLeases() {
                for worker in work.silentWorkers { report.rescuedTasks += try await rescue(worker, isCertain: false) }
                if work.hasOverdueTasks { report.rescuedTasks += try await rescueOverdue() }
            }
            if work.hasDueTasks { report.promoted = try await context.write { try $0.promoteDue() } }
            for scan in work.cancelledScans { try await context.dropWaitingTasks(ofScan: scan) }
            if work.hasScansToFinish || !work.cancelledScans.isEmpty {
                report.endedScans = try await context.write { try $0.finishScans() }
            }
            if work.hasUntoldDeaths { try await context.write { [options] in try $0.tellOfDeaths(options) } }
            report.pruned = try await pruning.step()
        } catch {
            report.problem = error as? StoreError ?? .fatal("\(error)")
        }
        // A round that takes long is no standstill of the process.
        pace.withLock { $0.lastTick = context.leaseClock.now() }
        return report
    }

    private struct Work: Sendable {
        /// Their processes are dead for certain.
        var goneWorkers: [Int64] = []
        /// Their leases have ended.
        var silentWorkers: [Int64] = []
        var hasOverdueTasks = false
        var hasDueTasks = false
        var hasScansToFinish = false
        var cancelledScans: [Int64] = []
        var hasUntoldDeaths = false
    }

    private func look() async throws -> Work {
        let bootID = context.leaseClock.bootID
        let (work, locked) = try await context.database.read { [context, options] connection in
            let (now, leaseNow) = try context.times(on: connection)
            var work = Work()
            work.silentWorkers = try connection.all(Rescue.silentWorkers(bootID, now: leaseNow)) { $0.int(0) ?? 0 }
            work.hasOverdueTasks = try connection.first(Rescue.overdueTasks(now: leaseNow)) { _ in true } ?? false
            work.hasDueTasks =
                try connection.first(QueueTransaction.dueTasks(now: now, limit: 1)) { _ in true } ?? false
            work.hasScansToFinish = try connection.first("SELECT 1 \(ScanEnd.due) LIMIT 1") { _ in true } ?? false
            work.cancelledScans = try connection.all(ScanEnd.cancelledWithWaitingTasks) { $0.int(0) ?? 0 }
            work.hasUntoldDeaths = try UntoldDeaths.areDue(options, now: now, connection)
            let locked = try connection.all("SELECT id FROM worker WHERE has_lock = 1 AND ended_at IS NULL") {
                $0.int(0) ?? 0
            }
            return (work, locked)
        }
        guard let locks else { return work }
        var complete = work
        complete.goneWorkers = locked.filter { locks.isAbandoned($0) }
        return complete
    }

    /// After this process itself stood still (the device slept), the living need time for a heartbeat.
    private func trustsLeases() -> Bool {
        let now = context.leaseClock.now()
        return pace.withLock { pace in
            if let last = pace.lastTick, now - last > options.stallSeconds * 1_000_000 {
                pace.trustsFrom = now + options.graceSeconds * 1_000_000
            }
            pace.lastTick = now
            return now >= pace.trustsFrom
        }
    }

    /// A task whose death the catalogue cannot note dies without that, rather than never.
    private func rescue(_ worker: Int64, isCertain: Bool) async throws -> [RescuedTask] {
        defer { if isCertain { locks?.clear(worker) } }
        do {
            return try await context.write { try $0.rescue(worker: worker, isCertain: isCertain) }
        } catch let error where DatabaseBroker.isWorthIsolating(error) {
            return try await context.write {
                try $0.rescue(worker: worker, isCertain: isCertain, tellingCatalogue: false)
            }
        }
    }

    private func rescueOverdue() async throws -> [RescuedTask] {
        do {
            return try await context.write { try $0.rescueOverdue() }
        } catch let error where DatabaseBroker.isWorthIsolating(error) {
            return try await context.write { try $0.rescueOverdue(tellingCatalogue: false) }
        }
    }
}
