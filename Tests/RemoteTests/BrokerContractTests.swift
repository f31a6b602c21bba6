import Contracts
import Domain
import Persistence
import Testing
import UseCases

/// What every way to the queue promises: straight to the database, and over HTTP.
@Suite(.timeLimit(.minutes(2))) struct BrokerContractTests {
    @Test("What is leased and settled is done", arguments: BrokerKind.allCases)
    func settles(_ kind: BrokerKind) async throws {
        try await BrokerBench.run(kind) { bench in
            try await bench.register()
            let ids = [try await bench.submitNoop(), try await bench.submitNoop()]
            let leased = try await bench.lease()
            #expect(leased.map(\.lease.taskID) == ids && leased.allSatisfy { $0.run == 1 && $0.version == 1 })
            #expect(try await bench.settle(leased) == [.accepted, .accepted])
            for id in ids { #expect(try await bench.state(id) == .done) }
            #expect(try await bench.lease().isEmpty)
        }
    }

    @Test(
        "A worker that is held back says so by registering again, and keeps what it holds",
        arguments: BrokerKind.allCases)
    func heldBack(_ kind: BrokerKind) async throws {
        try await BrokerBench.run(kind) { bench in
            try await bench.register()
            let id = try await bench.submitNoop()
            let leased = try await bench.lease()
            let hold = WorkHold(slots: 0, causes: [.heat, .hours])
            try await bench.register(hold: hold)
            #expect(try await bench.holds() == [hold])
            try await bench.register()
            #expect(try await bench.holds() == [nil])
            #expect(try await bench.settle(leased) == [.accepted])
            #expect(try await bench.state(id) == .done)
        }
    }

    @Test(
        "The same lease asked for again brings the same tasks, another one none of them", arguments: BrokerKind.allCases
    )
    func repeatedLease(_ kind: BrokerKind) async throws {
        try await BrokerBench.run(kind) { bench in
            try await bench.register()
            for _ in 0..<5 { try await bench.submitNoop() }
            let first = try await bench.lease(max: 3, token: 77)
            #expect(try await bench.lease(max: 3, token: 77) == first)
            #expect(first.count == 3 && first.allSatisfy { $0.lease.token == 77 })
            #expect(try await bench.lease(max: 3, token: 78).count == 2)
            #expect(try await bench.settle(first) == [.accepted, .accepted, .accepted])
        }
    }

    @Test(
        "The same results again get the same verdicts, and nothing is doubled", arguments: BrokerKind.allCases,
        [
            Settlement.Result.completed(.noopComplete), .failed(Failure(.ioError, "no")),
            .failed(Failure(.corruptFile, "bad")), .released, .parked,
        ])
    func repeatedResult(_ kind: BrokerKind, _ result: Settlement.Result) async throws {
        try await BrokerBench.run(kind) { bench in
            try await bench.register()
            let id = try await bench.submitNoop()
            let leased = try await bench.lease()
            #expect(try await bench.settle(leased, result) == [.accepted])
            let ends = try await bench.ends(id)
            #expect(try await bench.settle(leased, result) == [.accepted])
            #expect(try await bench.ends(id) == ends && ends.count == 1)
        }
    }

    @Test("A result that comes after the lease has ended is thrown away, every time", arguments: BrokerKind.allCases)
    func lateResult(_ kind: BrokerKind) async throws {
        try await BrokerBench.run(kind) { bench in
            try await bench.register(1)
            let id = try await bench.submitNoop()
            let late = try await bench.lease(1)
            bench.server.time.advance(seconds: 100)
            #expect(await bench.server.stores.housekeeper.tick().rescued == 1)
            try await bench.register(2)
            let again = try await bench.lease(2)
            #expect(again.map(\.lease.taskID) == [id] && again[0].run == 2)
            for _ in 0..<2 { #expect(try await bench.settle(late, worker: 1) == [.stale]) }
            #expect(try await bench.settle(again, worker: 2) == [.accepted])
            for _ in 0..<2 { #expect(try await bench.settle(late, worker: 1) == [.stale]) }
            #expect(try await bench.ends(id) == [.lost, .succeeded])
        }
    }

    @Test(
        "A device that is switched off right after a claim is noticed within a minute", arguments: BrokerKind.allCases)
    func switchedOff(_ kind: BrokerKind) async throws {
        try await BrokerBench.run(kind) { bench in
            try await bench.register()
            _ = try await bench.beat(seconds: 240)
            let id = try await bench.submitNoop()
            #expect(try await bench.lease().count == 1)
            bench.server.time.advance(seconds: 50)
            await bench.server.stores.housekeeper.tick()
            #expect(try await bench.state(id) == .ready)
        }
    }

    @Test("A worker that is not known gets nothing until it registers", arguments: BrokerKind.allCases)
    func unknownWorker(_ kind: BrokerKind) async throws {
        try await BrokerBench.run(kind) { bench in
            await #expect(throws: StoreError.self) { try await bench.lease(99) }
            await #expect(throws: StoreError.self) { try await bench.beat(99) }
            try await bench.register(99)
            #expect(try await bench.lease(99).isEmpty)
        }
    }

    @Test("The same registration twice is one; another worker cannot take an id", arguments: BrokerKind.allCases)
    func registration(_ kind: BrokerKind) async throws {
        try await BrokerBench.run(kind) { bench in
            try await bench.register()
            try await bench.register()
            #expect(try await bench.tasks.workers().count == 1)
            await #expect {
                try await bench.register(version: "another")
            } throws: {
                if case StoreError.conflict = $0 { true } else { false }
            }
        }
    }

    @Test("A heartbeat hears what was cancelled", arguments: BrokerKind.allCases)
    func cancellation(_ kind: BrokerKind) async throws {
        try await BrokerBench.run(kind) { bench in
            try await bench.register()
            let id = try await bench.submitNoop()
            let leased = try await bench.lease()
            #expect(try await bench.beat(holding: [id]).isEmpty)
            _ = try await bench.tasks.cancel(id: id, actor: "test")
            #expect(try await bench.beat(holding: [id]) == [id])
            #expect(try await bench.broker.cancellations(worker: 1) == [id])
            #expect(try await bench.settle(leased, .released) == [.accepted])
            #expect(try await bench.state(id) == .cancelled)
        }
    }

    @Test("What a worker does not name in its heartbeats goes back", arguments: BrokerKind.allCases)
    func forgotten(_ kind: BrokerKind) async throws {
        try await BrokerBench.run(kind) { bench in
            try await bench.register()
            let ids = [try await bench.submitNoop(), try await bench.submitNoop()]
            #expect(try await bench.lease().count == 2)
            bench.server.time.advance(seconds: 30)
            _ = try await bench.beat(holding: [ids[0]], seconds: 90)
            #expect(try await bench.state(ids[1]) == .running)
            bench.server.time.advance(seconds: 61)
            _ = try await bench.beat(holding: [ids[0]], seconds: 90)
            #expect(try await bench.state(ids[0]) == .running)
            #expect(try await bench.state(ids[1]) == .ready)
        }
    }

    @Test("A worker that does not know a payload's version never gets it", arguments: BrokerKind.allCases)
    func versions(_ kind: BrokerKind) async throws {
        try await BrokerBench.run(kind) { bench in
            try await bench.register(1)
            let raw = RawTask(kind: .noop, version: 2, json: #"{"new":1.50}"#)
            let id = try await bench.tasks.submit(
                NewTask(payload: .noop, priority: .normal, raw: raw), idempotencyKey: nil
            ).id
            #expect(try await bench.lease(1).isEmpty)
            #expect(try await bench.state(id) == .parked)
            try await bench.register(2, kinds: [.noop: 2])
            let leased = try await bench.lease(2, kinds: [.noop: 2])
            #expect(leased.map(\.payload) == [raw.json] && leased.map(\.version) == [2])
        }
    }

    @Test("A lease that waits is woken by a submission", arguments: BrokerKind.allCases)
    func wakes(_ kind: BrokerKind) async throws {
        try await BrokerBench.run(kind) { bench in
            try await bench.register()
            async let waiting = bench.lease(wait: 50)
            let id = try await bench.submitNoop()
            #expect(try await waiting.map(\.lease.taskID) == [id])
        }
    }

    @Test("Cancelling a lease ends its wait, and what it may have claimed is not lost", arguments: BrokerKind.allCases)
    func cancelledWait(_ kind: BrokerKind) async throws {
        try await BrokerBench.run(kind) { bench in
            try await bench.register()
            let waiting = Task { try await bench.lease(wait: 50) }
            waiting.cancel()
            let first = try await waiting.value
            let id = try await bench.submitNoop()
            // Over HTTP the server may have claimed it for the client that has gone; then it hands it back.
            let second = try await bench.lease(wait: 50)
            #expect((first + second).map(\.lease.taskID) == [id])
        }
    }

    @Test("A worker that leaves hands back what it holds, and nothing is charged", arguments: BrokerKind.allCases)
    func leaves(_ kind: BrokerKind) async throws {
        try await BrokerBench.run(kind) { bench in
            try await bench.register()
            let id = try await bench.submitNoop()
            #expect(try await bench.lease().count == 1)
            try await bench.broker.deregister(worker: 1)
            let (task, runs, _) = try await bench.tasks.task(id: id)
            #expect(task.state == .ready && task.failures == 0 && runs.map(\.end) == [.released])
            #expect(try await bench.tasks.workers().isEmpty)
        }
    }

    @Test(
        "A walk reports names that are not text, and stops when its scan is cancelled", arguments: BrokerKind.allCases)
    func walks(_ kind: BrokerKind) async throws {
        try await BrokerBench.run(kind) { bench in
            try await bench.register()
            let root = FilePath(bench.server.root)
            let scan = try await bench.server.stores.scans.startScan(
                NewScan(path: root, mode: .quick, priority: .normal, until: .index), idempotencyKey: nil)
            let walk = try #require(try await bench.lease().first)
            #expect(try await bench.broker.beginWalk(lease: walk.lease).isEmpty)
            let names: [[UInt8]] = [[0xFF, 0xFE, 0x2E], Array("bytes:41.mp3".utf8), Array("Ōé\u{301}.mp3".utf8)]
            let facts = FileFacts(size: 3, mtimeNs: -5, inode: .max, device: 7)
            let listing = FolderListing(
                path: root, files: names.map { ListedFile(name: $0, facts: facts) },
                playlists: [ListedFile(name: [0xFF, 0x2E], facts: facts)])
            for _ in 0..<2 {
                #expect(try await bench.broker.report([listing], lease: walk.lease) == .proceed(lookAt: []))
            }
            let queued = try await bench.lease(kinds: [.indexFile: 1])
            let paths = try queued.compactMap { task -> FilePath? in
                let payload = try TaskPayload.decode(kind: task.kind, version: task.version, json: task.payload)
                guard case .indexFile(let index) = payload else { return nil }
                return index.filePath
            }
            #expect(Set(paths) == Set(names.map { root.appending($0) }) && queued.count == names.count)
            let lists = try await bench.server.stores.playlistFiles.playlistFiles(PageRequest()).items
            #expect(lists.map(\.path) == [root.appending([0xFF, 0x2E])] && lists[0].isDue)
            _ = try await bench.server.stores.scans.cancelScan(id: scan.id)
            #expect(try await bench.broker.report([listing], lease: walk.lease) == .stop)
            #expect(try await bench.broker.report([listing], lease: Lease(taskID: 1, token: 5)) == .stop)
        }
    }

    @Test(
        "A walk is asked to look where a file was that it met elsewhere, and the file keeps its id when it is gone",
        arguments: BrokerKind.allCases)
    func movedIn(_ kind: BrokerKind) async throws {
        try await BrokerBench.run(kind) { bench in
            try await bench.register()
            let root = FilePath(bench.server.root)
            let (old, folder) = (root.appending([0xFF]), root.appending(Array("new".utf8)))
            let file = ListedFile(name: [0xFF], facts: FileFacts(size: 3, mtimeNs: 4, inode: .max, device: 7))
            try await bench.walk(root, [FolderListing(path: root, files: [file])])
            for task in try await bench.lease(kinds: [.indexFile: 1]) {
                let outcome = IndexCompleteOutcome(
                    filePath: old, rootPath: root, facts: file.facts, metadata: TrackMetadata(),
                    properties: AudioProperties(codec: "mp3"), cover: nil)
                #expect(try await bench.settle([task], .completed(.indexComplete(outcome))) == [.accepted])
            }
            let suspects = try await bench.walk(folder, [FolderListing(path: folder, files: [file])], gone: [old])
            #expect(suspects == [old])
            let tracks = try await bench.server.stores.catalogue.tracks(TrackFilter(), page: PageRequest()).items
            #expect(tracks.map(\.path) == [folder.appending([0xFF])])
        }
    }

    @Test("A batch with a large picture arrives whole", arguments: BrokerKind.allCases)
    func pictures(_ kind: BrokerKind) async throws {
        try await BrokerBench.run(kind) { bench in
            try await bench.register()
            var settlements: [Settlement] = []
            for number in 0..<3 { try await bench.submitIndex(FilePath("\(bench.server.root)/\(number).mp3")) }
            let picture = (0..<(3 << 20)).map { UInt8(truncatingIfNeeded: $0 &* 31) }
            for task in try await bench.lease() {
                let decoded = try TaskPayload.decode(kind: task.kind, version: task.version, json: task.payload)
                guard case .indexFile(let payload) = decoded else { continue }
                let cover = CoverImage(
                    hash: String(repeating: "\(settlements.count)", count: 64), mediaType: "image/png", data: picture)
                let outcome = IndexCompleteOutcome(
                    filePath: payload.filePath, rootPath: FilePath(bench.server.root),
                    facts: FileFacts(size: 1, mtimeNs: 1, inode: 1, device: 1), metadata: TrackMetadata(),
                    properties: AudioProperties(codec: "mp3"), cover: cover)
                settlements.append(
                    Settlement(lease: task.lease, result: .completed(.indexComplete(outcome)), run: task.run))
            }
            #expect(try await bench.broker.settle(settlements, worker: 1) == [.accepted, .accepted, .accepted])
            let stored = try await bench.server.stores.catalogue.cover(hash: String(repeating: "2", count: 64))
            #expect(stored.data == picture)
            for withFingerprint in [false, true] {
                let isKnown = try await bench.broker.hasAnalysis(
                    contentKey: "abc", version: "ear-1", withFingerprint: withFingerprint)
                #expect(!isKnown)
            }
        }
    }
}
