import Contracts
import Domain
import Testing
import UseCases

@testable import Persistence

@Suite struct QueueScanTests {
    @Test("A scan finishes exactly once, when its walk is over and its last task has left", arguments: Engine.available)
    func finish(_ engine: Engine) async throws {
        let bench = try await QueueBench(engine, mintsChains: true)
        try await bench.register()
        let scan = try await bench.startScan()
        #expect(scan.state == .queued && scan.progress.tasksLeft == 1)
        let walk = try await bench.lease()
        _ = try await bench.broker.beginWalk(lease: walk[0].lease)
        #expect(
            try await bench.broker.report([QueueBench.listing(["a", "b"])], lease: walk[0].lease)
                == .proceed(lookAt: []))
        #expect(try await bench.scans.scan(id: scan.id).state == .running)
        var files = try await bench.lease()
        #expect(files.count == 2)
        try await bench.complete(files)
        #expect(await bench.housekeeper.tick().finishedScans.isEmpty, "the walk goes on")
        try await bench.complete(walk)
        #expect(await bench.housekeeper.tick().finishedScans.isEmpty, "analyses are left")
        files = try await bench.lease()
        #expect(files.map(\.kind) == [.analyzeAudio, .analyzeAudio])
        try await bench.complete(files)
        let ended = await bench.housekeeper.tick().endedScans
        #expect(ended.map(\.id) == [scan.id] && ended.first?.state == .finished && ended.first?.path == scan.path)
        #expect(await bench.housekeeper.tick().finishedScans.isEmpty)
        let end = try await bench.scans.scan(id: scan.id)
        #expect(end.state == .finished && end.finishedAt != nil && end.notice == "walked")
        #expect(end.progress.found == 2 && end.progress.indexed == 2 && end.progress.analyzed == 2)
        #expect(end.progress.tasksQueued == 5 && end.progress.tasksDone == 5)
    }

    @Test("A walk that starts again counts from zero and queues nothing twice", arguments: Engine.available)
    func restart(_ engine: Engine) async throws {
        let bench = try await QueueBench(engine)
        try await bench.register(1)
        let scan = try await bench.startScan()
        let lost = try await bench.lease(1)
        _ = try await bench.broker.beginWalk(lease: lost[0].lease)
        _ = try await bench.broker.report([QueueBench.listing(["a", "b"])], lease: lost[0].lease)
        bench.time.advance(seconds: 100)
        await bench.housekeeper.tick()
        #expect(try await bench.broker.report([QueueBench.listing(["c"])], lease: lost[0].lease) == .stop)
        await #expect(throws: StoreError.self) { try await bench.broker.beginWalk(lease: lost[0].lease) }
        try await bench.register(2)
        let walk = try await bench.lease(2, kinds: [.scanLibrary: 1])
        _ = try await bench.broker.beginWalk(lease: walk[0].lease)
        _ = try await bench.broker.report([QueueBench.listing(["a", "b"])], lease: walk[0].lease)
        let progress = try await bench.scans.scan(id: scan.id).progress
        #expect(progress.found == 2 && progress.folders == 1 && progress.tasksQueued == 3)
    }

    @Test("A cancelled scan drops what waits, stops what runs and ends", arguments: Engine.available)
    func cancel(_ engine: Engine) async throws {
        let bench = try await QueueBench(engine, mintsChains: true)
        try await bench.register()
        let scan = try await bench.startScan()
        let walk = try await bench.lease()
        _ = try await bench.broker.beginWalk(lease: walk[0].lease)
        _ = try await bench.broker.report([QueueBench.listing((0..<50).map(String.init))], lease: walk[0].lease)
        let some = try await bench.lease(max: 3)
        #expect(try await bench.scans.cancelScan(id: scan.id).state == .cancelled)
        #expect(try await bench.scans.cancelScan(id: scan.id).state == .cancelled)
        #expect(try await bench.number("SELECT COUNT(*) FROM task") == 4)
        let cancelled = Set(try await bench.broker.cancellations(worker: 1))
        #expect(cancelled == Set((walk + some).map(\.lease.taskID)))
        #expect(try await bench.broker.report([QueueBench.listing(["late"])], lease: walk[0].lease) == .stop)
        _ = try await bench.settle(walk, .released)
        try await bench.complete(some)
        #expect(try await bench.number("SELECT COUNT(*) FROM task") == 0, "no next task of a cancelled chain")
        #expect(await bench.housekeeper.tick().finishedScans == [scan.id])
        #expect(try await bench.scans.scan(id: scan.id).finishedAt != nil)
    }

    @Test(
        "A scan whose walk dies has failed and says why; a retry opens it again while it lasts",
        arguments: Engine.available)
    func failedWalk(_ engine: Engine) async throws {
        let bench = try await QueueBench(engine)
        try await bench.register()
        let scan = try await bench.startScan()
        let walk = try await bench.lease()
        _ = try await bench.broker.beginWalk(lease: walk[0].lease)
        _ = try await bench.broker.report([QueueBench.listing(["a"])], lease: walk[0].lease)
        let fatal = Failure(.outsideRoot, "a link leads out of the root")
        _ = try await bench.settle(walk, .failed(fatal))
        #expect(await bench.housekeeper.tick().finishedScans.isEmpty, "a file is left")
        _ = try await bench.tasks.retry(id: walk[0].lease.taskID, actor: "me")
        let again = try await bench.lease(kinds: [.scanLibrary: 1])
        _ = try await bench.settle(again, .failed(fatal))
        try await bench.complete(bench.lease())
        #expect(await bench.housekeeper.tick().finishedScans == [scan.id])
        let end = try await bench.scans.scan(id: scan.id)
        #expect(end.state == .failed && end.progress.failed == 1)
        #expect(end.notice?.contains("a link leads out of the root") == true)
        await #expect(throws: StoreError.self) {
            try await bench.tasks.retry(id: walk[0].lease.taskID, actor: "me")
        }
    }

    @Test("What another open scan counts on outlives the scan that queued it", arguments: Engine.available)
    func heir(_ engine: Engine) async throws {
        let bench = try await QueueBench(engine)
        try await bench.register()
        let first = try await bench.startScan()
        let second = try await bench.startScan()
        let walks = try await bench.lease(kinds: [.scanLibrary: 1])
        for walk in walks {
            _ = try await bench.broker.beginWalk(lease: walk.lease)
            _ = try await bench.broker.report([QueueBench.listing(["a", "b"])], lease: walk.lease)
        }
        _ = try await bench.scans.cancelScan(id: first.id)
        try await bench.complete(walks.filter { $0.lease.taskID == second.taskID })
        _ = try await bench.settle(walks.filter { $0.lease.taskID == first.taskID }, .released)
        let files = try await bench.lease(kinds: [.indexFile: 1])
        #expect(files.count == 2)
        try await bench.complete(files)
        await bench.housekeeper.tick()
        let (cancelled, finished) = (
            try await bench.scans.scan(id: first.id), try await bench.scans.scan(id: second.id)
        )
        #expect(cancelled.state == .cancelled && cancelled.progress.tasksLeft == 0)
        #expect(finished.state == .finished && finished.progress.tasksLeft == 0)
        #expect(finished.progress.indexed == 2)
    }

    @Test(
        "A cancelled scan leaves to an open one just the files in that one's folder, wherever the two overlap",
        arguments: [
            (cancelled: "/music/a/b", open: "/music/a", kept: ["/music/a/b/1", "/music/a/b/c/2"]),
            ("/music/a/b", "/music/a/b/c", ["/music/a/b/c/2"]), ("/music/a/b", "/music/a/bc", []),
            ("/music/a/b", "/music", ["/music/a/b/1", "/music/a/b/c/2"]),
        ])
    func overlap(cancelled: String, open: String, kept: [String]) async throws {
        let bench = try await QueueBench(.sqlite)
        try await bench.register()
        let first = try await bench.startScan(cancelled)
        let walk = try await bench.lease()
        _ = try await bench.broker.beginWalk(lease: walk[0].lease)
        let listings = [
            QueueBench.listing(["1", "3"], in: "/music/a/b"), QueueBench.listing(["2", "4"], in: "/music/a/b/c"),
        ]
        _ = try await bench.broker.report(listings, lease: walk[0].lease)
        // File 1 runs by now.
        let running = try await bench.lease(max: 1)
        let second = try await bench.startScan(open)
        let heirs = try await bench.lease(kinds: [.scanLibrary: 1])
        _ = try await bench.broker.beginWalk(lease: heirs[0].lease)
        _ = try await bench.scans.cancelScan(id: first.id)
        let wanted = kept + kept.map { $0 == "/music/a/b/1" ? "/music/a/b/3" : "/music/a/b/c/4" }
        let left = try await bench.tasks.tasks(TaskFilter(kind: .indexFile, scanID: second.id), page: PageRequest())
        #expect(Set(left.items.map { $0.payload.path }) == Set(wanted))
        #expect(
            try await bench.broker.cancellations(worker: 1).contains(running[0].lease.taskID) == !wanted.contains(
                "/music/a/b/1"))
        try await bench.complete(running + heirs)
        _ = try await bench.settle(walk, .released)
        try await bench.complete(bench.lease())
        await bench.housekeeper.tick()
        for id in [first.id, second.id] {
            let scan = try await bench.scans.scan(id: id)
            #expect(scan.finishedAt != nil && scan.progress.tasksLeft == 0)
        }
        #expect(try await bench.scans.scan(id: second.id).progress.indexed == wanted.count)
    }

    @Test("A dead file of a finished scan is retried outside its ledger", arguments: Engine.available)
    func retryAfterEnd(_ engine: Engine) async throws {
        let bench = try await QueueBench(engine)
        try await bench.register()
        let scan = try await bench.startScan()
        let walk = try await bench.lease()
        _ = try await bench.broker.beginWalk(lease: walk[0].lease)
        _ = try await bench.broker.report([QueueBench.listing(["a"])], lease: walk[0].lease)
        let files = try await bench.lease()
        _ = try await bench.settle(files, .failed(Failure(.corruptFile, "broken")))
        try await bench.complete(walk)
        await bench.housekeeper.tick()
        let before = try await bench.scans.scan(id: scan.id)
        #expect(before.state == .finished && before.progress.failed == 1)
        #expect(try await bench.tasks.retryAll(TaskFilter(scanID: scan.id), actor: "me") == 1)
        try await bench.complete(bench.lease())
        #expect(try await bench.scans.scan(id: scan.id) == before)
    }

    @Test("Roots do not overlap, and a scan lies in one", arguments: Engine.available)
    func roots(_ engine: Engine) async throws {
        let bench = try await QueueBench(engine)
        let scans = bench.scans
        try await scans.addLibraryRoot(FilePath("/music"))
        try await scans.addLibraryRoot(FilePath("/music"))
        try await scans.addLibraryRoot(FilePath("/musicevil"))
        await #expect(throws: StoreError.self) { try await scans.addLibraryRoot(FilePath("/music/a")) }
        await #expect(throws: StoreError.self) { try await scans.addLibraryRoot(FilePath("/")) }
        #expect(try await scans.libraryRoots() == [FilePath("/music"), FilePath("/musicevil")])
        let outside = NewScan(path: FilePath("/other"), mode: .quick, priority: .normal, until: .vector)
        await #expect(throws: StoreError.self) { try await scans.startScan(outside, idempotencyKey: nil) }
        let inside = NewScan(path: FilePath("/music/a"), mode: .full, priority: .high, until: .index)
        let first = try await scans.startScan(inside, idempotencyKey: "key")
        #expect(try await scans.startScan(inside, idempotencyKey: "key").id == first.id)
        await #expect(throws: StoreError.self) {
            try await scans.startScan(
                NewScan(path: FilePath("/music"), mode: .full, priority: .high, until: .index), idempotencyKey: "key")
        }
        let second = try await scans.startScan(inside, idempotencyKey: nil)
        #expect(try await scans.scans(PageRequest(limit: 1)).items.map(\.id) == [second.id])
    }

    @Test("A walk that is submitted as a task comes with its scan, inside a root", arguments: Engine.available)
    func walkAsTask(_ engine: Engine) async throws {
        let bench = try await QueueBench(engine)
        try await bench.register()
        try await bench.scans.addLibraryRoot(FilePath("/music"))
        let payload = ScanLibraryPayload(
            path: FilePath("/music/a"), rootPath: FilePath("/"), scanID: "my-scan", mode: .quick, priority: .high,
            until: nil)
        let task = NewTask(payload: .scanLibrary(payload), priority: .high)
        let id = try await bench.tasks.submit(task, idempotencyKey: nil).id
        let scan = try await bench.scans.scan(id: "my-scan")
        #expect(scan.taskID == id && scan.path == FilePath("/music/a") && scan.priority == .high)
        let walk = try await bench.lease()
        #expect(walk.first?.payload.contains(#""root_path":"/music""#) == true, "never the sender's root")
        _ = try await bench.broker.beginWalk(lease: walk[0].lease)
        await #expect(throws: StoreError.self) { try await bench.tasks.submit(task, idempotencyKey: nil) }
        var outside = payload
        outside.path = FilePath("/music/../etc")
        outside.scanID = "other"
        await #expect(throws: StoreError.self) {
            try await bench.tasks.submit(NewTask(payload: .scanLibrary(outside), priority: .high), idempotencyKey: nil)
        }
    }

    @Test("That a loss is accepted reaches the walk and the scope of its end", arguments: Engine.available)
    func acceptMissing(_ engine: Engine) async throws {
        let bench = try await QueueBench(engine)
        try await bench.register()
        try await bench.scans.addLibraryRoot(FilePath("/music"))
        for accepts in [false, true] {
            let scan = NewScan(
                path: FilePath("/music"), mode: .quick, priority: .normal, until: .vector, acceptMissing: accepts)
            _ = try await bench.scans.startScan(scan, idempotencyKey: "\(accepts)")
            let payload = try #require(try await bench.lease(max: 1).first?.payload)
            #expect(payload.contains(#""accept_missing":true"#) == accepts)
            let row = Int64(try await bench.number("SELECT MAX(id) FROM scan"))
            let open = try await bench.database.read { try OpenScan.load(rowID: row, from: $0) }
            #expect(open?.scope.acceptMissing == accepts)
        }
        let other = NewScan(path: FilePath("/music"), mode: .quick, priority: .normal, until: .vector)
        await #expect(throws: StoreError.self) { try await bench.scans.startScan(other, idempotencyKey: "true") }
    }

    @Test("A task that names an open scan counts in its ledger", arguments: Engine.available)
    func joinScan(_ engine: Engine) async throws {
        let bench = try await QueueBench(engine)
        let scan = try await bench.startScan()
        let payload = IndexFilePayload(
            filePath: FilePath("/music/a"), rootPath: nil, scanID: scan.id, priority: nil)
        let task = try await bench.tasks.submit(
            NewTask(payload: .indexFile(payload), priority: .normal), idempotencyKey: nil)
        #expect(task.scanID == scan.id)
        #expect(try await bench.scans.scan(id: scan.id).progress.tasksQueued == 2)
        var stray = payload
        stray.scanID = "x"
        let strayTask = NewTask(payload: .indexFile(stray), priority: .normal)
        await #expect(throws: StoreError.notFound("there is no scan x")) {
            try await bench.tasks.submit(strayTask, idempotencyKey: nil)
        }
        _ = try await bench.scans.cancelScan(id: scan.id)
        let late = try await bench.tasks.submit(
            NewTask(payload: .indexFile(payload), priority: .low), idempotencyKey: nil)
        #expect(late.scanID == nil, "the scan has ended")
    }

    @Test("A scan that has ended cannot be cancelled any more", arguments: Engine.available)
    func cancelEnded(_ engine: Engine) async throws {
        let bench = try await QueueBench(engine)
        try await bench.register()
        let scan = try await bench.startScan()
        try await bench.complete(bench.lease())
        await bench.housekeeper.tick()
        #expect(try await bench.scans.scan(id: scan.id).state == .finished)
        await #expect(throws: StoreError.preconditionFailed("scan \(scan.id) has ended already")) {
            try await bench.scans.cancelScan(id: scan.id)
        }
    }
}

extension String {
    /// The file in the payload of an `index_file` task.
    fileprivate var path: String {
        let payload = try? ContractJSON.decode(IndexFilePayload.self, from: self)  // "" is no file that is expected
        return payload?.filePath.display ?? ""
    }
}
