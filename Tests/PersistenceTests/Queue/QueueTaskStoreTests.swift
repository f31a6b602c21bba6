import Contracts
import Dispatch
import Domain
import Testing
import UseCases

@testable import Persistence

@Suite struct QueueTaskStoreTests {
    @Test("One key, one living task: a second submit lifts its priority and nothing else", arguments: Engine.available)
    func dedupe(_ engine: Engine) async throws {
        let bench = try await QueueBench(engine)
        let first = try await bench.submitNoop(.low, key: "k")
        #expect(try await bench.submitNoop(.low, key: "k") == first)
        let lifted = try await bench.tasks.submit(
            NewTask(payload: .noop, priority: .high, dedupeKey: "k"), idempotencyKey: nil)
        #expect(lifted.id == first && lifted.priority == .high)
        #expect(try await bench.submitNoop(.normal, key: "k") == first)
        #expect(try await bench.tasks.task(id: first).task.priority == .high, "never lowered")
        #expect(try await bench.tasks.task(id: first).events.map(\.type) == ["lifted"])
        try await bench.register()
        try await bench.complete(bench.lease())
        #expect(try await bench.submitNoop(.low, key: "k") != first, "a finished task holds no key")
    }

    @Test(
        "The same idempotency key answers the first task; another request under it is a conflict",
        arguments: Engine.available)
    func idempotency(_ engine: Engine) async throws {
        let bench = try await QueueBench(engine)
        let request = NewTask(payload: .noop, priority: .normal)
        let first = try await bench.tasks.submit(request, idempotencyKey: "abc")
        #expect(try await bench.tasks.submit(request, idempotencyKey: "abc").id == first.id)
        await #expect(throws: StoreError.conflict("the idempotency key was used for another request")) {
            try await bench.tasks.submit(NewTask(payload: .noop, priority: .high), idempotencyKey: "abc")
        }
        bench.time.advance(seconds: 25 * 3600)
        #expect(try await bench.tasks.submit(request, idempotencyKey: "abc").id != first.id, "kept for a day")
    }

    @Test("A waiting task is cancelled at once, a running one when its worker lets go", arguments: Engine.available)
    func cancel(_ engine: Engine) async throws {
        let bench = try await QueueBench(engine)
        try await bench.register()
        let waiting = try await bench.submitNoop()
        #expect(try await bench.tasks.cancel(id: waiting, actor: "me").state == .cancelled)
        #expect(try await bench.tasks.cancel(id: waiting, actor: "me").state == .cancelled, "idempotent")

        let running = try await bench.submitNoop()
        let leased = try await bench.lease()
        #expect(try await bench.broker.cancellations(worker: 1).isEmpty)
        #expect(try await bench.tasks.cancel(id: running, actor: "me").state == .running)
        #expect(try await bench.broker.cancellations(worker: 1) == [running])
        _ = try await bench.settle(leased, .released)
        #expect(try await bench.state(running) == .cancelled)

        let done = try await bench.submitNoop()
        try await bench.complete(bench.lease())
        await #expect(throws: StoreError.self) { try await bench.tasks.cancel(id: done, actor: "me") }
        await #expect(throws: StoreError.self) { try await bench.tasks.cancel(id: 12345, actor: "me") }
    }

    @Test("A cursor that no list gave is refused", arguments: ["-1", "0", "x", "9223372036854775808"])
    func cursor(_ text: String) async throws {
        let bench = try await QueueBench(.sqlite)
        await #expect(throws: StoreError.self) {
            try await bench.tasks.tasks(TaskFilter(), page: PageRequest(cursor: text))
        }
    }

    @Test("A dead task is put back with a clean slate", arguments: Engine.available)
    func retry(_ engine: Engine) async throws {
        let bench = try await QueueBench(engine)
        try await bench.register()
        let id = try await bench.submitIndex("a")
        await #expect(throws: StoreError.self) { try await bench.tasks.retry(id: id, actor: "me") }
        _ = try await bench.settle(bench.lease(), .failed(Failure(.corruptFile, "broken")))
        bench.time.advance(seconds: 1000)
        let back = try await bench.tasks.retry(id: id, actor: "me")
        #expect(back.id == id && back.state == .ready && back.failures == 0)
        let age = try await bench.tasks.queues().first { $0.role == .indexer }?.oldestReadyAgeSeconds
        #expect(age == 0, "it waits since now, however old it is")
        try await bench.complete(bench.lease())
        let (task, runs, events) = try await bench.tasks.task(id: id)
        #expect(task.state == .done)
        #expect(runs.map(\.end) == [.died, .succeeded] && runs.map(\.run) == [1, 2])
        #expect(events.map(\.type) == ["requeued"])
    }

    @Test("All dead tasks that match are put back; one whose place is taken stays", arguments: Engine.available)
    func retryAll(_ engine: Engine) async throws {
        let bench = try await QueueBench(engine)
        try await bench.register()
        for index in 0..<6 { try await bench.submitIndex("\(index)") }
        try await bench.submitNoop()
        _ = try await bench.settle(bench.lease(), .failed(Failure(.corruptFile, "broken")))
        let taken = try await bench.submitIndex("3")
        #expect(try await bench.tasks.retryAll(TaskFilter(kind: .analyzeAudio), actor: "me") == 0)
        #expect(try await bench.tasks.retryAll(TaskFilter(kind: .indexFile), actor: "me") == 5)
        let dead = try await bench.tasks.tasks(TaskFilter(state: .dead), page: PageRequest()).items
        #expect(Set(dead.map(\.kind)) == [.indexFile, .noop])
        #expect(try await bench.state(taken) == .ready)
    }

    @Test("Dead tasks are grouped by cause, and one cause is put back or dismissed alone", arguments: Engine.available)
    func causes(_ engine: Engine) async throws {
        let bench = try await QueueBench(engine)
        try await bench.register()
        for name in ["1", "2", "3"] {
            try await bench.submitIndex(name)
            _ = try await bench.settle(bench.lease(), .failed(Failure(.corruptFile, "byte \(name) of \"\(name)\"")))
        }
        let other = try await bench.submitIndex("4")
        _ = try await bench.settle(bench.lease(), .failed(Failure(.unreadable, "no")))
        let groups = try await bench.tasks.deadGroups(since: 0, limit: 10)
        #expect(groups.map(\.count) == [3, 1])
        #expect(groups.map(\.failure.reason) == [.corruptFile, .unreadable])
        #expect(groups[1].newestTask == other && groups[1].kind == .indexFile)
        #expect(try await bench.tasks.deadGroups(since: groups[0].newestAt + 60_000_000, limit: 10) == [])
        #expect(try await bench.tasks.deadGroups(since: 0, limit: 2).map(\.count).reduce(0, +) == 2)
        let filter = TaskFilter(fingerprint: groups[0].fingerprint)
        #expect(try await bench.tasks.tasks(filter, page: PageRequest()).items.count == 3)
        #expect(try await bench.tasks.retryAll(filter, actor: "me") == 3)
        #expect(try await bench.state(other) == .dead)
        let left = TaskFilter(state: .dead, fingerprint: groups[1].fingerprint)
        #expect(try await bench.tasks.cancelAll(left, actor: "me") == 1)
        #expect(try await bench.tasks.deadGroups(since: 0, limit: 10) == [])
    }

    @Test(
        "Ahead of a task are better lanes of its role and older tasks of its own, up to a limit",
        arguments: Engine.available)
    func ahead(_ engine: Engine) async throws {
        let bench = try await QueueBench(engine)
        let first = try await bench.submitNoop(.normal)
        let second = try await bench.submitIndex("a")
        let low = try await bench.submitNoop(.low)
        let high = try await bench.submitNoop(.high)
        #expect(try await bench.tasks.tasksAhead(of: high, limit: 10) == 0)
        #expect(try await bench.tasks.tasksAhead(of: first, limit: 10) == 1)
        #expect(try await bench.tasks.tasksAhead(of: second, limit: 10) == 2)
        #expect(try await bench.tasks.tasksAhead(of: low, limit: 10) == 3)
        #expect(try await bench.tasks.tasksAhead(of: low, limit: 2) == 2)
        #expect(try await bench.tasks.tasksAhead(of: 12345, limit: 10) == 0)
        let queue = try await bench.tasks.queues().first { $0.role == .indexer }
        #expect(queue?.ready == [.high: 1, .normal: 2, .low: 1] && queue?.counts[.ready] == 4)
    }

    @Test(
        "Pages go through live, dead and finished tasks, newest first, without gap or repeat",
        arguments: Engine.available)
    func pages(_ engine: Engine) async throws {
        let bench = try await QueueBench(engine)
        try await bench.register()
        var ids: [Int64] = []
        for index in 0..<20 {
            ids.append(try await bench.submitIndex("\(index)"))
            let leased = index % 3 == 0 ? [] : try await bench.lease()
            if index % 3 == 1 { try await bench.complete(leased) }
            if index % 3 == 2 { _ = try await bench.settle(leased, .failed(Failure(.corruptFile, "broken"))) }
        }
        var seen: [Int64] = []
        var cursor: String?
        repeat {
            let page = try await bench.tasks.tasks(TaskFilter(), page: PageRequest(cursor: cursor, limit: 3))
            #expect(page.items.count <= 3)
            seen += page.items.map(\.id)
            cursor = page.nextCursor
        } while cursor != nil
        #expect(seen == ids.reversed())
        let states = try await bench.tasks.tasks(TaskFilter(state: .done), page: PageRequest(limit: 500)).items
        #expect(!states.isEmpty && states.allSatisfy { $0.state == .done })
        await #expect(throws: StoreError.self) {
            try await bench.tasks.tasks(TaskFilter(), page: PageRequest(cursor: "x", limit: 3))
        }
    }

    @Test("Every filter lists what matches it, page by page, and nothing else", arguments: Engine.available)
    func filters(_ engine: Engine) async throws {
        let bench = try await QueueBench(engine, mintsChains: true)
        try await bench.register()
        let scan = try await mixedTasks(bench)
        let all = try await everyTask(bench, TaskFilter())
        #expect(Set(all.map(\.state)) == Set(TaskState.allCases))
        for scanID in [nil, scan] {
            for state in [nil] + TaskState.allCases {
                for kind in [nil] + TaskKind.allCases {
                    for role in [nil] + Role.allCases {
                        let filter = TaskFilter(state: state, kind: kind, role: role, scanID: scanID)
                        let expected = all.filter { task in
                            (state ?? task.state) == task.state && (kind ?? task.kind) == task.kind
                                && (role ?? task.kind.role) == task.kind.role && (scanID ?? task.scanID) == task.scanID
                        }
                        #expect(try await everyTask(bench, filter).map(\.id) == expected.map(\.id), "\(filter)")
                    }
                }
            }
        }
        await #expect(throws: StoreError.notFound("there is no scan x")) {
            try await everyTask(bench, TaskFilter(scanID: "x"))
        }
    }

    private func everyTask(_ bench: QueueBench, _ filter: TaskFilter) async throws -> [TaskRecord] {
        var tasks: [TaskRecord] = []
        var cursor: String?
        repeat {
            let page = try await bench.tasks.tasks(filter, page: PageRequest(cursor: cursor, limit: 4))
            tasks += page.items
            cursor = page.nextCursor
        } while cursor != nil
        return tasks
    }

    /// Tasks in all states, some of a scan and some not; answers the scan's id.
    private func mixedTasks(_ bench: QueueBench) async throws -> String {
        let scan = try await bench.startScan()
        let walk = try await bench.lease()
        _ = try await bench.broker.beginWalk(lease: walk[0].lease)
        _ = try await bench.broker.report([QueueBench.listing((0..<12).map(String.init))], lease: walk[0].lease)
        try await bench.complete(bench.lease(max: 2))
        _ = try await bench.settle(bench.lease(max: 2), .failed(Failure(.corruptFile, "broken")))
        _ = try await bench.settle(bench.lease(max: 2), .failed(Failure(.ioError, "not now")))
        for priority in Priority.allCases { try await bench.submitNoop(priority) }
        try await bench.submitNoop(runAt: bench.time.wall + 1_000_000)
        for name in ["new", "newer"] { try await bench.submitIndex(name) }
        _ = try await bench.tasks.submit(
            NewTask(
                payload: .noop, priority: .normal, raw: RawTask(kind: .vectorizeTrack, version: 9, json: "{}")),
            idempotencyKey: nil)
        _ = try await bench.tasks.cancel(id: bench.submitNoop(), actor: "me")
        let running = try await bench.lease(max: 3, kinds: [.indexFile: 1])
        #expect(running.count == 3)
        return scan.id
    }

    @Test("A worker whose registration cannot be read is shown, and hides no other", arguments: Engine.available)
    func strangeWorker(_ engine: Engine) async throws {
        let bench = try await QueueBench(engine)
        for id in Int64(1)...3 { try await bench.register(id) }
        try await bench.execute("UPDATE worker SET registration = 'not JSON' WHERE id = 1")
        let newer =
            #"{"id":2,"host":"pi","processID":7,"roles":["indexer","oracle"],"kinds":["noop",4,"divine",1],"#
            + #""slots":["oracle",2,"audio",1],"version":{"major":9},"mood":"good"}"#
        try await bench.execute("UPDATE worker SET registration = \(newer) WHERE id = 2")
        let workers = try await bench.tasks.workers()
        #expect(workers.map(\.registration.id) == [1, 2, 3])
        #expect(workers.map(\.registration.host) == ["unknown", "pi", "test"])
        #expect(workers[1].registration.processID == 7)
        #expect(workers[1].registration.roles == [.indexer])
        #expect(workers[1].registration.kinds == [.noop: 4])
        #expect(workers[1].registration.slots == [.audio: 1])
        #expect(workers[2].registration.kinds == QueueBench.everyKind)
        let task = NewTask(
            payload: .noop, priority: .normal, raw: RawTask(kind: .noop, version: 4, json: "{}"))
        #expect(try await bench.tasks.submit(task, idempotencyKey: nil).state == .ready, "the newer worker knows it")
    }

    @Test("A submit that was given up before its turn came is not done", .timeLimit(.minutes(1)))
    func givenUp() async throws {
        let bench = try await QueueBench(.sqlite)
        let (isHeld, release) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
        let holder = Task {
            try await bench.database.write { _ in
                isHeld.signal()
                release.wait()
            }
        }
        while isHeld.wait(timeout: .now()) != .success { await Task.yield() }
        let request = Task { try await bench.submitNoop() }
        request.cancel()
        release.signal()
        try await holder.value
        await #expect(throws: (any Error).self) { try await request.value }
        #expect(try await bench.number("SELECT COUNT(*) FROM task") == 0)
        try await bench.submitNoop()
        #expect(try await bench.number("SELECT COUNT(*) FROM task") == 1)
    }

    @Test("The overview counts states and the age of the oldest ready task", arguments: Engine.available)
    func overview(_ engine: Engine) async throws {
        let bench = try await QueueBench(engine)
        try await bench.register()
        try await bench.submitNoop()
        bench.time.advance(seconds: 7)
        try await bench.submitNoop(runAt: bench.time.wall + 1_000_000)
        try await bench.submitIndex("a")
        let leased = try await bench.lease(max: 1, kinds: [.indexFile: 1])
        _ = try await bench.settle(leased, .failed(Failure(.corruptFile, "broken")))
        let indexer = try #require(try await bench.tasks.queues().first { $0.role == .indexer })
        #expect(indexer.counts == [.ready: 1, .scheduled: 1, .dead: 1])
        #expect(indexer.oldestReadyAgeSeconds == 7)
    }

    @Test("The overview counts what has ended, whatever became of the history", arguments: Engine.available)
    func ended(_ engine: Engine) async throws {
        let bench = try await QueueBench(engine)
        for worker in Int64(1)...3 {
            try await bench.register(worker)
            for _ in 0..<4 { try await bench.submitNoop() }
            try await bench.complete(bench.lease(worker), worker: worker)
        }
        let dead = try await bench.submitNoop()
        _ = try await bench.settle(bench.lease(), .failed(Failure(.corruptFile, "broken")))
        let waiting = try await bench.submitNoop()
        for id in [dead, waiting, waiting] { _ = try await bench.tasks.cancel(id: id, actor: "me") }
        try await bench.execute("DELETE FROM task_run")
        let indexer = try #require(try await bench.tasks.queues().first { $0.role == .indexer })
        #expect(indexer.counts == [.done: 12, .cancelled: 2])
    }

    @Test(
        "A token opens what its secret opens, until it is revoked or expires", .timeLimit(.minutes(1)),
        arguments: Engine.available)
    func tokens(_ engine: Engine) async throws {
        let bench = try await QueueBench(engine)
        let tokens = bench.stores.tokens
        #expect(try await !tokens.hasAdminToken())
        let (admin, secret) = try await tokens.createToken(name: "me", role: .admin, expiresAt: nil)
        #expect(try await tokens.hasAdminToken())
        #expect(secret.hasPrefix("sillon_") && secret.count == 7 + 64)
        #expect(try await tokens.verify(secret: secret)?.id == admin.id)
        #expect(try await tokens.verify(secret: secret + "0") == nil)
        #expect(try await tokens.verify(secret: "") == nil)
        // The note of the use is made beside the answer.
        while try await tokens.tokens().first?.lastUsedAt != bench.time.wall {
            try await Task.sleep(for: .milliseconds(5))
        }
        let clear = try await bench.number("SELECT COUNT(*) FROM token WHERE CAST(hash AS TEXT) LIKE '%sillon%'")
        #expect(clear == 0)
        let (_, short) = try await tokens.createToken(
            name: "short", role: .user, expiresAt: bench.time.wall + 1_000_000)
        bench.time.advance(seconds: 2)
        #expect(try await tokens.verify(secret: short) == nil)
        try await tokens.revokeToken(id: admin.id)
        #expect(try await tokens.verify(secret: secret) == nil)
        await #expect(throws: StoreError.self) { try await tokens.revokeToken(id: admin.id) }
        #expect(try await !tokens.hasAdminToken())
    }
}
