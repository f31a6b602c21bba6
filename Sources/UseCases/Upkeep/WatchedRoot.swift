import Domain
import Logging
import Telemetry

/// Watches one library root until it is cancelled, and has scanned what changed.
struct WatchedRoot: Sendable {
    let root: KeptRoot
    let scans: any ScanStore
    let watcher: any FolderWatcher
    let clock: MicrosecondClock
    /// Is told how much is watched, and when something changed.
    let report: @Sendable (WatchCoverage?, _ changeAt: Int64?) -> Void
    let logger: Logger

    private let bell = Doorbell()

    /// A root that was unmounted is looked for again, and one that is there is looked at.
    private static let rootLook = Duration.seconds(30)
    /// How soon the end of a walk is noticed for which something waits: at first, and when it lasts.
    private static let walkLook = (first: Duration.milliseconds(100), last: Duration.seconds(2))
    /// How often scans of others are looked at that were enough for a change.
    private static let coveredLook = Duration.seconds(5)
    /// More are not followed.
    private static let coveredMax = 64
    private static let breath = Duration.seconds(1)
    private static let retryPauses = [Duration.seconds(1), .seconds(5), .seconds(30)]

    init(
        _ root: KeptRoot, scans: any ScanStore, watcher: any FolderWatcher, clock: @escaping MicrosecondClock,
        logger: Logger, report: @escaping @Sendable (WatchCoverage?, _ changeAt: Int64?) -> Void
    ) {
        self.root = root
        self.scans = scans
        self.watcher = watcher
        self.clock = clock
        self.logger = logger
        self.report = report
    }

    /// - Parameter since: what happened after this was seen by nobody: microseconds since the epoch.
    func run(since: Int64) async {
        var since = since
        var gap: WatchCoverage.Gap?
        while !Task.isCancelled {
            switch await watcher.open(root.path, onNews: { [bell] in bell.ring() }) {
            case .none(let found):
                report(.none(found), nil)
                if found != gap { tell(.none(found)) }
                gap = found
                since = clock()
                await bell.wait(upTo: Self.rootLook)
            case .watching(let watch):
                report(.starting, nil)
                gap = nil
                since = await keep(watch, since: since)
                await watch.close()
                // Where more happens than can be followed, the root is not laid and scanned without a break.
                try? await Task.sleep(for: Self.breath)  // only cancellation throws here, and it ends the loop
            }
        }
    }

    /// Returns when the root has to be watched anew: the time from which on nobody sees what happens.
    private func keep(_ watch: any FolderWatch, since: Int64) async -> Int64 {
        let start = ContinuousClock.now
        let found = await watch.lay(changedSince: since)
        var round = Round(root: root.path)
        var news = await watch.news()
        guard !Task.isCancelled else { return since }
        report(news.coverage, nil)
        tell(news.coverage, took: .now - start)
        if await catchUp(since, &round) {
            for change in found { round.changed.note(change, at: clock()) }
        }
        var nextRootLook = ContinuousClock.now + Self.rootLook
        var coverage = news.coverage
        while !Task.isCancelled {
            let now = clock()
            note(news, &round, at: now)
            if news.loss != nil { return now }
            if .now >= nextRootLook {
                guard await watch.isInPlace() else { return now }
                nextRootLook = .now + Self.rootLook
            }
            for file in round.changed.filesToLookAt(now) {
                round.changed.looked(at: file, await watch.look(at: file), at: now)
            }
            await lookAtCovered(&round)
            await startDue(&round, watch, at: now)
            await bell.wait(upTo: min(nextRootLook - .now, round.pause(from: clock())))
            news = await watch.news()
            if news.coverage != coverage { report(news.coverage, nil) }
            coverage = news.coverage
        }
        return since
    }

    private func note(_ news: WatchNews, _ round: inout Round, at now: Int64) {
        for change in news.changes { round.changed.note(change, at: now) }
        if !news.changes.isEmpty { report(nil, now) }
        Metrics.watching.events.count(by: news.events)
        guard let loss = news.loss else { return }
        if loss == .overflow { Metrics.watching.overflows.count() }
        logger.notice(
            "A library root has to be watched anew",
            metadata: [LogKeys.path: "\(root.path.display)", LogKeys.reason: "\(loss.rawValue)"])
    }

    private func tell(_ coverage: WatchCoverage, took: Duration? = nil) {
        var metadata: Logger.Metadata = [
            LogKeys.path: "\(root.path.display)", LogKeys.count: "\(coverage.folders)",
        ]
        if let took { metadata[LogKeys.durationMs] = "\(Int(took / .milliseconds(1)))" }
        guard let gap = coverage.gap else {
            logger.info("A library root is watched", metadata: metadata)
            return
        }
        metadata[LogKeys.reason] = "\(gap.rawValue)"
        logger.notice("A library root is not watched as a whole", metadata: metadata)
    }
}

// What is scanned when.
extension WatchedRoot {
    private struct Round {
        var changed: ChangedFolders
        /// The walk of the last scan that changes asked for, while it may not have ended.
        var walk: String?
        var walkLook = WatchedRoot.walkLook.first
        /// Changes for which a scan that others wanted was enough, until it has gone through its folders.
        var covered: [(scan: String, due: DueScan)] = []
        var nextCoveredLook = ContinuousClock.now
        var failures = 0
        var retryAt: ContinuousClock.Instant?

        init(root: FilePath) {
            changed = ChangedFolders(root: root)
        }

        /// Until there is something to do.
        func pause(from now: Int64) -> Duration {
            let pause = pauseForChanges(from: now)
            return covered.isEmpty ? pause : min(pause, max(.zero, nextCoveredLook - .now))
        }

        private func pauseForChanges(from now: Int64) -> Duration {
            if changed.hasDue(now) {
                if let retryAt { return max(.zero, retryAt - .now) }
                if walk != nil { return walkLook }
            }
            guard let next = changed.nextAt else { return .seconds(3600) }
            // A scan that waits for a walk is due already.
            return max(.milliseconds(1), .microseconds(next - now))
        }
    }

    /// A scan of everything, for what happened while nobody looked; not of a root that nobody has scanned yet.
    private func catchUp(_ since: Int64, _ round: inout Round) async -> Bool {
        let whole = DueScan(path: root.path, isShallow: false, since: since, firstAt: since)
        do {
            let known = try await scans.rootUpkeeps().first { $0.id == root.id }
            guard known?.wasScanned == true else { return false }
            try await start(whole, priority: .normal, &round)
        } catch {
            guard root.wasScanned else { return false }
            failed(whole, error, &round)
        }
        return true
    }

    private func startDue(_ round: inout Round, _ watch: any FolderWatch, at now: Int64) async {
        guard round.changed.hasDue(now) else { return }
        if let retryAt = round.retryAt, .now < retryAt { return }
        if let walk = round.walk, await isWalking(walk) {
            round.walkLook = min(round.walkLook * 2, Self.walkLook.last)
            return
        }
        round.walk = nil
        round.walkLook = Self.walkLook.first
        var folders = 0
        if let common = round.changed.commonFolder(ofDueAt: now) {
            folders = await watch.folders(in: common, upTo: ChangedFolders.foldersPerScan * (round.changed.count + 1))
        }
        guard let due = round.changed.takeDue(now, foldersInCommon: folders) else { return }
        do {
            try await start(due, priority: due.path == root.path && !due.isShallow ? .normal : .high, &round)
        } catch {
            failed(due, error, &round)
        }
    }

    private func start(_ due: DueScan, priority: Priority, _ round: inout Round) async throws {
        let wanted = NewScan(
            path: due.path, mode: .quick, priority: priority, until: .vector, isShallow: due.isShallow, cause: .watch)
        let started = try await scans.startScan(wanted, unlessSince: due.since)
        round.failures = 0
        round.retryAt = nil
        // Others' walks, which may be of everything, are not waited for.
        if started.isNew {
            Metrics.watching.scans.count(.watch)
            if priority == .high { round.walk = started.scan.id }
        } else {
            round.covered = round.covered.suffix(Self.coveredMax - 1) + [(started.scan.id, due)]
        }
        logger.debug(
            started.isNew ? "Changes are scanned" : "Another scan sees the changes",
            metadata: [LogKeys.scanID: "\(started.scan.id)", LogKeys.path: "\(due.path.display)"])
    }

    /// What a scan of others was to see that ended before it looked, cancelled say, is on the list again.
    private func lookAtCovered(_ round: inout Round) async {
        guard !round.covered.isEmpty, round.nextCoveredLook <= .now else { return }
        round.nextCoveredLook = .now + Self.coveredLook
        var left: [(scan: String, due: DueScan)] = []
        for (id, due) in round.covered {
            do {
                let scan = try await scans.scan(id: id)
                if scan.walkedAt != nil { continue }
                switch scan.state {
                case .queued, .running: left.append((id, due))
                case .finished, .cancelled, .failed: round.changed.putBack(due)
                }
            } catch StoreError.notFound {
                // Pruned: it has ended long ago.
            } catch {
                left.append((id, due))
            }
        }
        round.covered = left
    }

    /// What changed stays on the list.
    private func failed(_ due: DueScan, _ error: any Error, _ round: inout Round) {
        round.changed.putBack(due)
        let pause = Self.retryPauses[min(round.failures, Self.retryPauses.count - 1)]
        round.retryAt = .now + pause
        round.failures += 1
        guard round.failures == 1, !Task.isCancelled else { return }
        logger.warning(
            "Changes cannot be scanned yet",
            metadata: [LogKeys.path: "\(due.path.display)", LogKeys.error: "\(error)"])
    }

    private func isWalking(_ id: String) async -> Bool {
        do {
            let scan = try await scans.scan(id: id)
            return scan.walkedAt == nil && (scan.state == .queued || scan.state == .running)
        } catch {
            // It may have been pruned, or the database is away: then the next start says so.
            return false
        }
    }
}
