import Domain
import Foundation
import Logging
import Synchronization
import Testing

@testable import UseCases

@Suite("Keeping library roots up to date", .timeLimit(.minutes(2)))
struct RootKeeperTests {
    private static let hour: Int64 = 3_600_000_000

    @Sendable private static func now() -> Int64 { Int64(Date().timeIntervalSince1970 * 1_000_000) }

    private static func root(
        _ upkeep: RootUpkeep = .usual, path: String = "/m", lastScanAt: Int64? = nil, isBeingScanned: Bool = false,
        wasScanned: Bool = true
    ) -> KeptRoot {
        KeptRoot(
            id: 1, path: FilePath(path), upkeep: upkeep, lastScanAt: lastScanAt ?? now(),
            isBeingScanned: isBeingScanned, wasScanned: wasScanned)
    }

    /// Runs a keeper beside the test.
    private func kept(
        _ scans: ScriptedScans, _ watcher: ScriptedWatcher?, startedAt: Int64 = now(),
        _ test: (RootKeeper) async throws -> Void
    ) async throws {
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        let keeper = RootKeeper(
            scans: scans, watcher: watcher, startedAt: startedAt, clock: Self.now, minuteOffset: { 0 }, logger: logger)
        let running = Task { await keeper.run() }
        do {
            try await test(keeper)
        } catch {
            running.cancel()
            await running.value
            throw error
        }
        running.cancel()
        await running.value
        if let watcher { #expect(watcher.state.withLock { $0.open } == 0, "all watches are closed") }
    }

    private func until(_ what: String, _ isTrue: () -> Bool) async throws {
        for _ in 0..<3000 {
            if isTrue() { return }
            try await Task.sleep(for: .milliseconds(10))
        }
        Issue.record("not in time: \(what)")
    }

    @Test("After a start everything is looked at, then what changes; while one walk goes on, the next waits")
    func changes() async throws {
        let scans = ScriptedScans([Self.root()])
        let watcher = ScriptedWatcher()
        let startedAt = Self.now()
        try await kept(scans, watcher, startedAt: startedAt) { keeper in
            try await until("the root is scanned") { scans.started.count == 1 }
            let first = scans.started[0]
            #expect(first.scan.path == FilePath("/m") && !first.scan.isShallow && first.scan.cause == .watch)
            #expect(first.since == startedAt)
            #expect(keeper.state(ofRoot: 1)?.coverage == .whole(folders: 7))
            watcher.tell([.file(FilePath("/m/a/1.mp3"), .written)])
            try await until("the folder is scanned") { scans.started.count == 2 }
            let second = scans.started[1].scan
            #expect(second.path == FilePath("/m/a") && second.isShallow && second.priority == .high)
            #expect(keeper.state(ofRoot: 1)?.lastChangeAt == scans.started[1].since)
            watcher.tell([.folderCame(FilePath("/m/b"))])
            try await Task.sleep(for: .seconds(1))
            #expect(scans.started.count == 2, "the first walk goes on")
            scans.state.withLock { $0.hasWalked = true }
            try await until("the next is scanned") { scans.started.count == 3 }
            #expect(scans.started[2].scan.path == FilePath("/m/b") && !scans.started[2].scan.isShallow)
        }
    }

    @Test("A root that nobody has scanned yet is not scanned by surprise, but its changes are")
    func neverScanned() async throws {
        let scans = ScriptedScans([Self.root(wasScanned: false)])
        let watcher = ScriptedWatcher()
        watcher.state.withLock { $0.found = [.folder(FilePath("/m/old"))] }
        try await kept(scans, watcher) { keeper in
            try await until("it is watched") { keeper.state(ofRoot: 1)?.coverage.isWhole == true }
            try await Task.sleep(for: .seconds(1))
            #expect(scans.started.isEmpty)
            watcher.tell([.file(FilePath("/m/a/1.mp3"), .came)])
            try await until("the folder is scanned") { scans.started.count == 1 }
        }
    }

    @Test("What a scan of others was to see is scanned when that one is cancelled before it looked")
    func coveredInVain() async throws {
        let scans = ScriptedScans([Self.root(wasScanned: false)])
        let watcher = ScriptedWatcher()
        try await kept(scans, watcher) { keeper in
            try await until("it is watched") { keeper.state(ofRoot: 1)?.coverage.isWhole == true }
            scans.state.withLock { $0.isCovered = true }
            watcher.tell([.file(FilePath("/m/a/1.mp3"), .came)])
            try await until("the folder is covered") { scans.started.count == 1 }
            scans.state.withLock { ($0.isCovered, $0.isCancelled) = (false, true) }
            try await until("the folder is scanned") { scans.started.count == 2 }
            #expect(scans.started[1].scan.path == FilePath("/m/a"))
            #expect(scans.started[1].since == scans.started[0].since)
        }
    }

    @Test("A root that has the number of one that was removed is watched at its own place")
    func sameNumber() async throws {
        let scans = ScriptedScans([Self.root(wasScanned: false)])
        let watcher = ScriptedWatcher()
        try await kept(scans, watcher) { _ in
            try await until("the first is watched") { watcher.state.withLock { $0.openedPaths } == ["/m"] }
            scans.state.withLock { $0.roots = [Self.root(path: "/n", wasScanned: false)] }
            try await until("the other is watched") { watcher.state.withLock { $0.openedPaths } == ["/m", "/n"] }
        }
    }

    @Test("A start that fails is tried again; a loss has everything watched and scanned anew")
    func troubles() async throws {
        let scans = ScriptedScans([Self.root()])
        let watcher = ScriptedWatcher()
        scans.state.withLock { $0.failures = 2 }
        try await kept(scans, watcher) { _ in
            try await until("it is scanned after all") { scans.started.count == 1 }
            #expect(scans.started[0].scan.path == FilePath("/m"))
            let before = Self.now()
            watcher.tell([], loss: .overflow)
            try await until("it is scanned anew") { scans.started.count == 2 }
            #expect(scans.started[1].scan.path == FilePath("/m") && scans.started[1].since >= before)
            #expect(watcher.state.withLock { $0.openedPaths.count } == 2)
        }
    }

    @Test("What cannot be watched, or is not to be, is told; the schedule goes on")
    func schedule() async throws {
        let due = Self.now() - Self.hour
        let scans = ScriptedScans([Self.root(lastScanAt: due - Self.hour / 4)])
        let watcher = ScriptedWatcher()
        watcher.state.withLock { $0.gap = .network }
        try await kept(scans, watcher) { keeper in
            try await until("it is scanned") { scans.started.count == 1 }
            #expect(keeper.state(ofRoot: 1)?.coverage == WatchCoverage.none(.network))
            let scan = scans.started[0]
            #expect(scan.scan.cause == .schedule && scan.scan.priority == .low && !scan.scan.isShallow)
            #expect(scan.since == due)
            scans.state.withLock { $0.roots = [Self.root(RootUpkeep(watches: false, schedule: .off))] }
            try await until("it is off") { keeper.state(ofRoot: 1)?.coverage == WatchCoverage.none(.off) }
            try await until("nothing is due") { keeper.state(ofRoot: 1)?.nextScanAt == nil }
            scans.state.withLock { $0.roots = [] }
            try await until("it is forgotten") { keeper.state(ofRoot: 1) == nil }
            #expect(scans.started.count == 1)
        }
    }

    @Test("A root that is being scanned is not scanned by its schedule as well")
    func busy() async throws {
        let old = Self.root(lastScanAt: 1, isBeingScanned: true)
        let scans = ScriptedScans([old])
        try await kept(scans, nil) { keeper in
            try await until("its time is told") { keeper.state(ofRoot: 1)?.nextScanAt != nil }
            try await Task.sleep(for: .milliseconds(1500))
            #expect(scans.started.isEmpty)
        }
    }
}

/// A queue that only notes what is wanted.
private final class ScriptedScans: ScanStore {
    struct State {
        var roots: [KeptRoot]
        var started: [(scan: NewScan, since: Int64)] = []
        var failures = 0
        var hasWalked = false
        /// Scans that others wanted are enough for everything.
        var isCovered = false
        var isCancelled = false
    }

    let state: Mutex<State>

    init(_ roots: [KeptRoot]) {
        state = Mutex(State(roots: roots))
    }

    var started: [(scan: NewScan, since: Int64)] { state.withLock { $0.started } }

    func startScan(_ scan: NewScan, unlessSince since: Int64) async throws -> StartedScan {
        try state.withLock { state in
            guard state.failures == 0 else {
                state.failures -= 1
                throw StoreError.fatal("away")
            }
            state.started.append((scan, since))
            return StartedScan(scan: Self.made(scan.path, scan.cause, state.started.count), isNew: !state.isCovered)
        }
    }

    private static func made(_ path: FilePath, _ cause: Scan.Cause, _ number: Int) -> Scan {
        Scan(
            id: "\(number)", path: path, mode: .quick, priority: .high, until: .vector, cause: cause, state: .running,
            progress: ScanProgress(), createdAt: .max)
    }

    func scan(id: String) async throws -> Scan {
        state.withLock { state in
            var scan = Self.made(FilePath("/m"), .watch, 0)
            if state.hasWalked { scan.walkedAt = 1 }
            if state.isCancelled { scan.state = .cancelled }
            return scan
        }
    }

    func rootUpkeeps() async throws -> [KeptRoot] { state.withLock { $0.roots } }

    func startScan(_ scan: NewScan, idempotencyKey: String?) async throws -> Scan { throw Self.unasked }
    func scans(_ page: PageRequest) async throws -> Page<Scan> { throw Self.unasked }
    func cancelScan(id: String) async throws -> Scan { throw Self.unasked }
    func libraryRoots() async throws -> [FilePath] { throw Self.unasked }
    func addLibraryRoot(_ path: FilePath) async throws { throw Self.unasked }
    func libraryRootStatuses() async throws -> [LibraryRootStatus] { throw Self.unasked }
    func libraryRootStatus(id: Int64) async throws -> LibraryRootStatus { throw Self.unasked }
    func removeLibraryRoot(id: Int64) async throws { throw Self.unasked }
    func setUpkeep(_ upkeep: RootUpkeep, ofRoot id: Int64) async throws { throw Self.unasked }

    private static let unasked = StoreError.fatal("nobody asks for this")
}

/// A file system in the test's hand.
private final class ScriptedWatcher: FolderWatcher {
    struct State {
        var gap: WatchCoverage.Gap?
        var found: [FolderChange] = []
        var news = WatchNews(changes: [], coverage: .whole(folders: 7))
        var openedPaths: [String] = []
        var open = 0
        var ring: (@Sendable () -> Void)?
    }

    let state = Mutex(State())

    func tell(_ changes: [FolderChange], loss: WatchNews.Loss? = nil) {
        let ring = state.withLock { state in
            state.news.changes += changes
            state.news.loss = loss
            return state.ring
        }
        ring?()
    }

    func open(_ root: FilePath, onNews: @escaping @Sendable () -> Void) async -> WatchOpening {
        state.withLock { state in
            if let gap = state.gap { return .none(gap) }
            state.ring = onNews
            state.openedPaths.append(root.display)
            state.open += 1
            return .watching(Watch(watcher: self))
        }
    }

    private struct Watch: FolderWatch {
        let watcher: ScriptedWatcher

        func lay(changedSince since: Int64) async -> [FolderChange] { watcher.state.withLock { $0.found } }

        func news() async -> WatchNews {
            watcher.state.withLock { state in
                defer { state.news = WatchNews(changes: [], coverage: .whole(folders: 7)) }
                return state.news
            }
        }

        func isInPlace() async -> Bool { true }
        func folders(in path: FilePath, upTo limit: Int) async -> Int { limit }
        func look(at file: FilePath) async -> FileLook? { nil }
        func close() async { watcher.state.withLock { $0.open -= 1 } }
    }
}
