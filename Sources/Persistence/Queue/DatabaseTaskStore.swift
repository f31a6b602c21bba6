import Contracts
import Domain
import UseCases

/// The queue as people and the API see it. Everything that is acknowledged here is durable.
package struct DatabaseTaskStore: TaskStore {
    let context: QueueContext

    /// A longer key is refused; keys are random numbers or names, not texts.
    static let maxKeyBytes = 255

    package func submit(_ task: NewTask, idempotencyKey: String?) async throws -> TaskRecord {
        guard (task.dedupeKey ?? "").utf8.count <= Self.maxKeyBytes else {
            throw StoreError.preconditionFailed("the dedupe key is longer than \(Self.maxKeyBytes) bytes")
        }
        let sink = context.sink
        return try await context.write(durable: true) { transaction in
            let request = Idempotency.Request(key: idempotencyKey, scope: "task", text: task.fingerprintText)
            if let answer = try Idempotency.answer(to: request, in: transaction), let id = Int64(answer) {
                return try TaskLookup.record(id: id, in: transaction.connection)
            }
            var task = task
            if task.raw == nil { task.payload = try sink.complete(task.payload, in: transaction.connection) }
            let id = try transaction.submit(task)
            try Idempotency.keep(String(id), for: request, in: transaction)
            return try TaskLookup.record(id: id, in: transaction.connection)
        }
    }

    package func task(id: Int64) async throws -> (task: TaskRecord, runs: [TaskRun], events: [TaskEvent]) {
        try await context.database.read { connection in
            (
                try TaskLookup.record(id: id, in: connection), try TaskLookup.runs(of: id, in: connection),
                try TaskLookup.events(of: id, in: connection)
            )
        }
    }

    package func followers(of task: TaskRecord) async throws -> [TaskRecord] {
        try await context.database.read { try TaskLookup.followers(of: task, in: $0) }
    }

    package func tasks(_ filter: TaskFilter, page: PageRequest) async throws -> Page<TaskRecord> {
        let before = try Cursor.id(page.cursor) ?? Int64.max
        return try await context.database.read { connection in
            try TaskLookup.page(filter, before: before, limit: page.limit, in: connection)
        }
    }

    package func retry(id: Int64, actor: String) async throws -> TaskRecord {
        try await context.write(durable: true) { transaction in
            guard let dead = try DeadTask.load([id], in: transaction.connection).first else {
                let record = try TaskLookup.record(id: id, in: transaction.connection)
                throw StoreError.preconditionFailed("task \(id) is \(record.state.rawValue), not dead")
            }
            try transaction.requeue(dead, actor: actor)
            return try TaskLookup.record(id: id, in: transaction.connection)
        }
    }

    package func retryAll(_ filter: TaskFilter, actor: String) async throws -> Int {
        guard filter.state == nil || filter.state == .dead else { return 0 }
        var dead = filter
        dead.state = .dead
        return try await inBatches(dead) { ids, transaction in
            try DeadTask.load(ids, in: transaction.connection).count {
                try transaction.requeueIfPossible($0, actor: actor)
            }
        }
    }

    package func cancel(id: Int64, actor: String) async throws -> TaskRecord {
        try await context.write(durable: true) { transaction in
            let isCancelled = try transaction.cancel([id], actor: actor) > 0
            let record = try TaskLookup.record(id: id, in: transaction.connection)
            guard isCancelled || record.state == .cancelled else {
                throw StoreError.preconditionFailed("task \(id) is \(record.state.rawValue) already")
            }
            return record
        }
    }

    package func cancelAll(_ filter: TaskFilter, actor: String) async throws -> Int {
        var count = 0
        for state in TaskState.allCases where (filter.state ?? state) == state && state.after(.cancel) != nil {
            var some = filter
            some.state = state
            count += try await inBatches(some) { ids, transaction in try transaction.cancel(ids, actor: actor) }
        }
        return count
    }

    /// Tasks moved in one transaction; a big move is many short ones, so that workers are not held up.
    private static let moveBatch = 500

    /// Goes through all tasks that match, newest first; answers the sum of what `move` does.
    private func inBatches(
        _ filter: TaskFilter, _ move: @Sendable @escaping ([Int64], inout QueueTransaction) throws -> Int
    ) async throws -> Int {
        var count = 0
        var before = Int64.max
        while true {
            let last = before
            let step = try await context.write(durable: true) { transaction in
                let ids = try TaskLookup.ids(
                    filter, before: last, limit: Self.moveBatch, in: transaction.connection)
                return (last: ids.last, moved: try move(ids, &transaction))
            }
            count += step.moved
            guard let reached = step.last else { return count }
            before = reached
        }
    }

    package func setPaused(_ paused: Bool, role: Role, actor: String) async throws {
        try await context.write(durable: true) { transaction in
            if paused {
                try transaction.connection.execute(
                    """
                    INSERT INTO queue_control (role, paused_at, actor)
                    VALUES (\(role.rawValue), \(transaction.now), \(actor)) ON CONFLICT (role) DO NOTHING
                    """)
            } else {
                try transaction.connection.execute("DELETE FROM queue_control WHERE role = \(role.rawValue)")
                transaction.hasNewWork = true
            }
        }
    }

    package func queues() async throws -> [QueueStatus] {
        try await context.database.read { [context] in
            try QueueOverview.queues(now: context.times(on: $0).now, in: $0)
        }
    }

    package func deadGroups(since: Int64, limit: Int) async throws -> [DeadGroup] {
        try await context.database.read { try DeadGroups.newest(since: since, limit: limit, in: $0) }
    }

    package func tasksAhead(of id: Int64, limit: Int) async throws -> Int {
        try await context.database.read { try TasksAhead.count(of: id, limit: limit, in: $0) }
    }

    package func workers() async throws -> [WorkerStatus] {
        try await context.database.read { [context] in
            try QueueOverview.workers(now: context.times(on: $0).leaseNow, bootID: context.leaseClock.bootID, in: $0)
        }
    }
}

extension NewTask {
    /// What makes two submits the same request.
    var fingerprintText: String {
        let kind = raw?.kind ?? payload.kind
        let version = raw?.version ?? kind.currentVersion
        let runAt = runAt.map(String.init) ?? ""
        return [kind.rawValue, "\(version)", priority.name, runAt, dedupeKey ?? "", raw?.json ?? payload.json()]
            .joined(separator: "\n")
    }
}

extension QueueTransaction {
    /// Inserts one task, or answers the living one with its key. A walk comes with its scan.
    mutating func submit(_ task: NewTask) throws -> Int64 {
        if task.raw == nil, case .scanLibrary(let walk) = task.payload { return try submit(walk, as: task) }
        let scanID = try openScan(named: task.payload.scanID)
        for _ in 0..<Self.submitTries {
            if let id = try enqueue([EnqueuedTask(task, scanID: scanID, parentID: nil)]).first { return id }
            if let id = try livingTask(task.dedupeKey) { return id }
            // The one with this key ended between the two looks.
        }
        throw StoreError.retryable(afterSeconds: 1, "a task with this key comes and goes")
    }

    private mutating func submit(_ walk: ScanLibraryPayload, as task: NewTask) throws -> Int64 {
        if let id = try livingTask(task.dedupeKey) { return id }
        guard (1...Self.maxScanIDBytes).contains(walk.scanID.utf8.count) else {
            throw StoreError.preconditionFailed("a scan's id has 1 to \(Self.maxScanIDBytes) bytes")
        }
        let scan = NewScan(
            path: walk.path, mode: walk.mode, priority: task.priority, until: walk.until ?? .vector,
            acceptMissing: walk.acceptMissing ?? false, isShallow: walk.isShallow ?? false)
        return try start(scan, uuid: walk.scanID, runAt: task.runAt, dedupeKey: task.dedupeKey).task
    }

    private static let maxScanIDBytes = 64
    private static let submitTries = 3

    func livingTask(_ dedupeKey: String?) throws -> Int64? {
        guard let dedupeKey else { return nil }
        return try connection.first("SELECT id FROM task WHERE dedupe_key = \(dedupeKey)") { $0.int(0) } ?? nil
    }

    /// A task that names a scan counts in its ledger while that scan is open; afterwards it stands for itself, as one
    /// that is put back does.
    private func openScan(named uuid: String?) throws -> Int64? {
        guard let uuid else { return nil }
        let found = try connection.first(
            "SELECT id, COALESCE(cancelled_at, finished_at) FROM scan WHERE uuid = \(uuid)"
        ) { (id: $0.int(0), isOpen: $0.int(1) == nil) }
        guard let found else { throw StoreError.notFound("there is no scan \(uuid)") }
        return found.isOpen ? found.id : nil
    }
}

extension TaskPayload {
    /// The scan that the payload names. A scan's own walk is queued with its scan, never by name.
    var scanID: String? {
        switch self {
        case .scanLibrary, .projectMap, .submitListens, .downloadArtwork, .downloadTrack, .enrich, .deliverWebhook,
            .noop,
            .noopChain:
            nil
        case .indexFile(let payload): payload.scanID
        case .analyzeAudio(let payload): payload.scanID
        case .vectorizeTrack(let payload): payload.scanID
        case .vectorizeText(let payload): payload.scanID
        }
    }
}
