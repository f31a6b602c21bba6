import Domain
import Logging
import Synchronization
import Telemetry

/// Keeps library roots up to date, as their owner wants it: watches them, and scans them when it is time.
package final class RootKeeper: UpkeepReport {
    private let scans: any ScanStore
    /// Nil where this server watches nothing.
    private let watcher: (any FolderWatcher)?
    private let clock: MicrosecondClock
    /// Minutes by which the clock on the wall is ahead of UTC.
    private let minuteOffset: @Sendable () -> Int
    /// Microseconds since the epoch.
    private let startedAt: Int64
    private let logger: Logger
    private let states = Mutex<[Int64: RootUpkeepState]>([:])

    /// Roots that were added, removed or set otherwise are noticed this soon.
    private static let interval = Duration.seconds(1)
    /// For watches to be taken away at a stop; the kernel takes them from a process that ends.
    private static let endLimit = Duration.seconds(2)
    private static let retryMicroseconds: Int64 = 30_000_000

    /// - Parameter startedAt: when this server began to live; a scan that began later saw what happened before.
    package init(
        scans: any ScanStore, watcher: (any FolderWatcher)?, startedAt: Int64, clock: @escaping MicrosecondClock,
        minuteOffset: @escaping @Sendable () -> Int, logger: Logger
    ) {
        self.scans = scans
        self.watcher = watcher
        self.startedAt = startedAt
        self.clock = clock
        self.minuteOffset = minuteOffset
        self.logger = logger
    }

    package func state(ofRoot id: Int64) -> RootUpkeepState? { states.withLock { $0[id] } }

    /// Until it is cancelled.
    package func run() async {
        var round = Round(seenAt: startedAt)
        var isFailing = false
        while !Task.isCancelled {
            let now = clock()
            do {
                let roots = try await scans.rootUpkeeps()
                adjust(&round, to: roots)
                round.seenAt = now
                for root in roots { await keepTime(of: root, &round, at: now) }
                isFailing = false
            } catch {
                if !isFailing, !Task.isCancelled {
                    logger.warning("The library roots cannot be read", metadata: [LogKeys.error: "\(error)"])
                }
                isFailing = true
            }
            try? await Task.sleep(for: Self.interval)  // only cancellation throws here, and it ends the loop
        }
        adjust(&round, to: [])
        let (ending, hasEnded) = (round.ending, Doorbell())
        // Nobody awaits this: the wait below is for it, and no longer than a stop may take.
        Task {
            for watch in ending { await watch.value }
            hasEnded.ring()
        }
        await hasEnded.wait(upTo: Self.endLimit)
    }

    private struct Round {
        /// When the roots were read last: what is new now was not so then.
        var seenAt: Int64
        var watches: [Int64: Watch] = [:]
        /// Watches that were told to end, since the start.
        var ending: [Task<Void, Never>] = []
        /// When this server last saw to it that a root is scanned by its schedule.
        var servedAt: [Int64: Int64] = [:]
        var retryAt: [Int64: Int64] = [:]
    }

    private struct Watch {
        /// A database may give the number of a root that was removed to the next one.
        let path: FilePath
        let task: Task<Void, Never>
    }

    private func adjust(_ round: inout Round, to roots: [KeptRoot]) {
        let wanted = Dictionary(
            uniqueKeysWithValues: roots.filter(\.upkeep.watches).map { ($0.id, $0) })
        for (id, watch) in round.watches where wanted[id]?.path != watch.path || watcher == nil {
            // Not awaited: one disk that hangs must not keep the other roots waiting.
            watch.task.cancel()
            round.ending.append(watch.task)
            round.watches[id] = nil
            states.withLock { $0[id] = nil }
        }
        let ids = Set(roots.map(\.id))
        states.withLock { states in
            states = states.filter { ids.contains($0.key) }
            for root in roots where watcher == nil || wanted[root.id] == nil {
                states[root.id, default: RootUpkeepState(coverage: .none(.off))].coverage = .none(.off)
            }
        }
        if let watcher {
            for root in roots where wanted[root.id] != nil && round.watches[root.id] == nil {
                begin(root, watcher, &round)
            }
        }
        countFolders()
    }

    private func begin(_ root: KeptRoot, _ watcher: any FolderWatcher, _ round: inout Round) {
        states.withLock { $0[root.id, default: RootUpkeepState(coverage: .starting)].coverage = .starting }
        let watched = WatchedRoot(
            root, scans: scans, watcher: watcher, clock: clock, logger: logger
        ) { [weak self] coverage, changeAt in
            // What ends may have a follower with the same number.
            if !Task.isCancelled { self?.note(root.id, coverage, changeAt) }
        }
        let since = round.seenAt
        // Cancelled and awaited by `adjust`, at the latest when the keeper ends.
        round.watches[root.id] = Watch(path: root.path, task: Task { await watched.run(since: since) })
    }

    private func note(_ id: Int64, _ coverage: WatchCoverage?, _ changeAt: Int64?) {
        states.withLock { states in
            if let coverage { states[id]?.coverage = coverage }
            if let changeAt { states[id]?.lastChangeAt = changeAt }
        }
        countFolders()
    }

    private func countFolders() {
        let folders = states.withLock { $0.values.reduce(0) { $0 + $1.coverage.folders } }
        Metrics.watching.folders.set(Double(folders))
    }
}

// Scans by the clock.
extension RootKeeper {
    private func keepTime(of root: KeptRoot, _ round: inout Round, at now: Int64) async {
        let coverage = state(ofRoot: root.id)?.coverage ?? .none(.off)
        let last = max(root.lastScanAt, round.servedAt[root.id] ?? .min)
        // While a watcher begins, it is taken at its word: it has the root scanned if it must be.
        let next = root.upkeep.schedule.next(
            after: last, isWatched: coverage.isWhole || coverage == .starting, minuteOffset: minuteOffset())
        states.withLock { $0[root.id]?.nextScanAt = next }
        guard let next, next <= now, !root.isBeingScanned else { return }
        // A clock that was set back must not keep it waiting.
        if let retryAt = round.retryAt[root.id], now < retryAt, retryAt <= now + Self.retryMicroseconds { return }
        do {
            let wanted = NewScan(path: root.path, mode: .quick, priority: .low, until: .vector, cause: .schedule)
            let started = try await scans.startScan(wanted, unlessSince: next)
            round.servedAt[root.id] = now
            round.retryAt[root.id] = nil
            // Another server may have been faster.
            guard started.isNew else { return }
            Metrics.watching.scans.count(.schedule)
            logger.info(
                "A scan started by its schedule",
                metadata: [LogKeys.scanID: "\(started.scan.id)", LogKeys.path: "\(root.path.display)"])
        } catch {
            if round.retryAt[root.id] == nil, !Task.isCancelled {
                logger.warning(
                    "A scan could not be started by its schedule",
                    metadata: [LogKeys.path: "\(root.path.display)", LogKeys.error: "\(error)"])
            }
            round.retryAt[root.id] = now + Self.retryMicroseconds
        }
    }
}
