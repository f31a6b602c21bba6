import Contracts
import Domain
import UseCases

extension MemoryStore: TaskStore {
    func submit(_ task: NewTask, idempotencyKey: String?) async throws -> TaskRecord {
        try perform { state in
            if let id = try MemoryStore.replay(idempotencyKey, "\(task)", in: state) {
                return state.tasks.first { "\($0.id)" == id }!
            }
            if case .indexFile(let file) = task.payload { try MemoryStore.check(file.scanID, in: state) }
            let record = MemoryStore.record(task, id: Int64(state.tasks.count + 1))
            state.newTasks.append(task)
            state.tasks.insert(record, at: 0)
            if let idempotencyKey { state.idempotency[idempotencyKey] = ("\(task)", "\(record.id)") }
            return record
        }
    }

    static func record(_ task: NewTask, id: Int64, state: TaskState? = nil) -> TaskRecord {
        TaskRecord(
            id: id, kind: task.raw?.kind ?? task.payload.kind, version: task.raw?.version ?? 1,
            state: state ?? (task.raw == nil ? .ready : .parked), priority: task.priority,
            payload: task.raw?.json ?? task.payload.json(), scanID: nil, parentID: nil, runs: 0, failures: 0,
            crashes: 0, isQuarantined: false, workerID: nil, createdAt: now, runAt: task.runAt, claimedAt: nil,
            finishedAt: nil, lastFailure: nil)
    }

    func task(id: Int64) async throws -> (task: TaskRecord, runs: [TaskRun], events: [TaskEvent]) {
        try perform { state in
            let task = state.tasks[try MemoryStore.index(id, in: state)]
            return (task, state.runs[id] ?? [], state.events[id] ?? [])
        }
    }

    func followers(of task: TaskRecord) async throws -> [TaskRecord] {
        try perform { state in
            state.tasks.filter { $0.parentID == task.id && $0.kind == task.kind.next && $0.scanID == task.scanID }
        }
    }

    func tasks(_ filter: TaskFilter, page: PageRequest) async throws -> Page<TaskRecord> {
        try perform { state in
            try MemoryStore.check(filter.scanID, in: state)
            return try MemoryStore.page(state.tasks.filter { MemoryStore.matches($0, filter) }, page)
        }
    }

    func retry(id: Int64, actor: String) async throws -> TaskRecord {
        try move(id, .requeue, actor, refusal: "the task is not dead")
    }

    func cancel(id: Int64, actor: String) async throws -> TaskRecord {
        try move(id, .cancel, actor, refusal: "the task has ended")
    }

    func retryAll(_ filter: TaskFilter, actor: String) async throws -> Int {
        try moveAll(filter, .requeue, actor)
    }

    func cancelAll(_ filter: TaskFilter, actor: String) async throws -> Int {
        try moveAll(filter, .cancel, actor)
    }

    private func moveAll(_ filter: TaskFilter, _ event: TaskState.Event, _ actor: String) throws -> Int {
        try perform { state in
            try MemoryStore.check(filter.scanID, in: state)
            var count = 0
            for index in state.tasks.indices where MemoryStore.matches(state.tasks[index], filter) {
                guard let next = state.tasks[index].state.after(event) else { continue }
                state.tasks[index].state = next
                count += 1
            }
            state.actors.append(actor)
            return count
        }
    }

    func queues() async throws -> [QueueStatus] {
        await gate.pass()
        return try perform { state in
            Role.allCases.map { role in
                let tasks = state.tasks.filter { $0.kind.role == role }
                var status = QueueStatus(
                    role: role, isPaused: state.paused.contains(role),
                    counts: Dictionary(grouping: tasks, by: \.state).mapValues(\.count),
                    oldestReadyAgeSeconds: tasks.isEmpty ? nil : 1.5)
                status.ready = Dictionary(grouping: tasks.filter { $0.state == .ready }, by: \.priority)
                    .mapValues(\.count)
                return status
            }
        }
    }

    func deadGroups(since: Int64, limit: Int) async throws -> [DeadGroup] {
        try perform { state in
            let dead = state.tasks.filter { $0.state == .dead && $0.lastFailure != nil }
            return Dictionary(grouping: dead) { $0.lastFailure?.fingerprint ?? 0 }.compactMap { fingerprint, tasks in
                guard let failure = tasks[0].lastFailure else { return nil }
                return DeadGroup(
                    fingerprint: fingerprint, count: tasks.count, failure: failure, kind: tasks[0].kind,
                    newestTask: tasks[0].id, newestAt: tasks[0].finishedAt ?? MemoryStore.now)
            }.sorted { $0.newestTask > $1.newestTask }
        }
    }

    func tasksAhead(of id: Int64, limit: Int) async throws -> Int {
        try perform { state in min(limit, state.tasks.count { $0.state == .ready && $0.id < id }) }
    }

    func setPaused(_ paused: Bool, role: Role, actor: String) async throws {
        try perform { state in
            if paused { state.paused.insert(role) } else { state.paused.remove(role) }
            state.actors.append(actor)
        }
    }

    func workers() async throws -> [WorkerStatus] {
        try perform { $0.workers }
    }

    private func move(_ id: Int64, _ event: TaskState.Event, _ actor: String, refusal: String) throws -> TaskRecord {
        try perform { state in
            let index = try MemoryStore.index(id, in: state)
            guard let next = state.tasks[index].state.after(event) else { throw StoreError.preconditionFailed(refusal) }
            state.tasks[index].state = next
            state.actors.append(actor)
            return state.tasks[index]
        }
    }

    private static func index(_ id: Int64, in state: State) throws -> Int {
        guard let index = state.tasks.firstIndex(where: { $0.id == id }) else {
            throw StoreError.notFound("no such task")
        }
        return index
    }

    private static func check(_ scanID: String?, in state: State) throws {
        guard let scanID, !state.scans.contains(where: { $0.id == scanID }) else { return }
        throw StoreError.notFound("there is no scan \(scanID)")
    }

    private static func matches(_ task: TaskRecord, _ filter: TaskFilter) -> Bool {
        (filter.state.map { $0 == task.state } ?? true) && (filter.kind.map { $0 == task.kind } ?? true)
            && (filter.role.map { $0 == task.kind.role } ?? true)
            && (filter.scanID.map { $0 == task.scanID } ?? true)
            && (filter.fingerprint.map { $0 == task.lastFailure?.fingerprint && task.state == .dead } ?? true)
    }
}
