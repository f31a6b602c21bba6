import Contracts
import Domain
import HTTPTypes
import Logging
import Telemetry
import UseCases

/// `/v1/tasks`
struct TaskRoutes: Sendable {
    let services: APIServices

    /// Far beyond any version there will be.
    private static let maxVersion = 10_000
    private static let maxDedupeKeyLength = 255

    private static let task = BodyField("task", Scalar<TaskKind>.choice, isRequired: true, "What is to be done.")
    private static let version = BodyField(
        "version", Scalar<Int>.integer(1...maxVersion), isRequired: true,
        "The version of the payload. One that is newer than this server waits for a worker that knows it.")
    private static let payload = BodyField(
        "payload", .object, isRequired: true,
        "As the task's contract says. A `scan_id` must be known; the task counts in that scan while it is open.")
    private static let priority = BodyField("priority", Scalar<Priority>.priority, "normal when absent.")
    private static let runAt = BodyField("run_at", .time, "Not before this time; at once when absent.")
    private static let dedupeKey = BodyField(
        "dedupe_key", .text(1...maxDedupeKeyLength), "At most one unfinished task has this key.")
    private static let state = Parameter("state", Scalar<TaskState>.choice, "Only tasks in this state.")
    private static let kind = Parameter("kind", Scalar<TaskKind>.choice, "Only tasks that do this.")
    private static let role = Parameter("role", Scalar<Role>.choice, "Only tasks that these workers run.")
    private static let scanID = Parameter("scan_id", .text(1...64), "Only tasks of this scan.")

    private static let fingerprint = Parameter(
        "fingerprint", Scalar<Int>.fingerprint, "Only dead tasks with this cause.")

    var routes: [Route] {
        [submit, list, show, act("retry"), act("cancel"), retryAll, cancelAll, deadLetters]
    }

    private var submit: Route {
        .json(
            .post, "/v1/tasks", "submitTask", "Put a task into the queue", access: .admin,
            parameters: [ParameterSpec(.idempotencyKey)],
            body: BodySpec(
                "NewTask",
                [
                    .init(Self.task), .init(Self.version), .init(Self.payload), .init(Self.priority),
                    .init(Self.runAt), .init(Self.dedupeKey),
                ]),
            status: .accepted, answer: .acceptedTask, "The task is queued, and stays so whatever dies.",
            location: { "/v1/tasks/\($0.id)" }, problems: [.conflict, .insufficientStorage]
        ) { request in
            let task = try Self.newTask(request.body)
            let key = try request.optional(.idempotencyKey)
            let queued = try await Problem.naming("payload.scan_id") {
                try await services.tasks.submit(task, idempotencyKey: key)
            }
            request.logger.info(
                "A task was queued",
                metadata: [LogKeys.taskID: "\(queued.id)", LogKeys.kind: .string(queued.kind.rawValue)])
            return queued
        }
    }

    private var list: Route {
        .json(
            .get, "/v1/tasks", "listTasks", "List tasks, newest first", access: .user,
            parameters: .paging + [
                ParameterSpec(Self.state), ParameterSpec(Self.kind), ParameterSpec(Self.role),
                ParameterSpec(Self.scanID), ParameterSpec(Self.fingerprint),
            ],
            answer: Shape<TaskRecord>.task.page("TaskPage"), "One page of tasks."
        ) { request in
            let filter = TaskFilter(
                state: try request.optional(Self.state), kind: try request.optional(Self.kind),
                role: try request.optional(Self.role), scanID: try request.optional(Self.scanID),
                fingerprint: try request.optional(Self.fingerprint))
            let page = try request.page()
            return try await Problem.listing { try await services.tasks.tasks(filter, page: page) }
        }
    }

    private var show: Route {
        .json(
            .get, "/v1/tasks/{id}", "getTask", "Show a task with its attempts and events", access: .user,
            parameters: [ParameterSpec(.id)], answer: .taskDetail, "The task."
        ) { request in
            try await detail(of: try request.require(.id))
        }
    }

    /// What `/tasks/{id}` shows, too.
    func detail(of id: Int64) async throws -> TaskDetail {
        let found = try await services.tasks.task(id: id)
        let waiting = WaitingTask(tasks: services.tasks, services: services.outside)
        return TaskDetail(
            task: found.task, runs: found.runs, events: found.events,
            waitingFor: try await waiting.reasons(for: found.task))
    }

    private var deadLetters: Route {
        .json(
            .get, "/v1/dead-letters", "listDeadLetters", "List the causes of dead tasks, the commonest first",
            access: .user, answer: Shape<DeadGroup>.deadGroup.page("DeadGroupPage"),
            "All causes among the newest dead tasks."
        ) { _ in .whole(try await services.tasks.deadGroups(since: 0, limit: DeadGroup.maxLooked)) }
    }

    private func act(_ verb: String) -> Route {
        .json(
            .post, "/v1/tasks/{id}/\(verb)", "\(verb)Task",
            verb == "retry"
                ? "Put a dead task back into the queue" : "Cancel a task that has not ended, or dismiss a dead one",
            access: .admin, parameters: [ParameterSpec(.id)], answer: .task, "The task as it is now.",
            problems: [.conflict, .insufficientStorage]
        ) { request in
            let id = try request.require(.id)
            guard verb == "retry" else { return try await services.tasks.cancel(id: id, actor: request.actor) }
            let task = try await services.tasks.retry(id: id, actor: request.actor)
            request.logRetry(of: task)
            return task
        }
    }

    private var retryAll: Route {
        .json(
            .post, "/v1/tasks/retry", "retryTasks", "Put back all dead tasks that match", access: .admin,
            body: TaskFilterBody.retry.whole, answer: .retried, "How many went back.",
            problems: [.conflict, .insufficientStorage]
        ) { request in
            let filter = try TaskFilterBody.retry.filter(request.body)
            return try await Problem.naming("filter.scan_id") {
                let count = try await services.tasks.retryAll(filter, actor: request.actor)
                request.logRetries(count)
                return count
            }
        }
    }

    private var cancelAll: Route {
        .json(
            .post, "/v1/tasks/cancel", "cancelTasks", "Cancel all tasks in one state that match", access: .admin,
            body: TaskFilterBody.cancel.whole, answer: .cancelled, "How many were cancelled, or asked to stop.",
            problems: [.insufficientStorage]
        ) { request in
            let filter = try TaskFilterBody.cancel.filter(request.body)
            return try await Problem.naming("filter.scan_id") {
                try await services.tasks.cancelAll(filter, actor: request.actor)
            }
        }
    }

    /// A payload of a version that is not known yet is kept as it came.
    private static func newTask(_ body: Body) throws(Problem) -> NewTask {
        let kind = try body.require(task)
        let version = try body.require(version)
        let members = try body.require(payload)
        let json = ContractJSON.encode(JSONValue.object(members))
        var task = NewTask(
            payload: .noop, priority: try body.optional(priority) ?? .normal, runAt: try body.optional(runAt),
            dedupeKey: try body.optional(dedupeKey))
        do throws(TaskPayload.Problem) {
            task.payload = try TaskPayload.decode(kind: kind, version: version, json: json)
        } catch {
            switch error {
            case .versionTooNew: task.raw = RawTask(kind: kind, version: version, json: json)
            case .malformed(let text): throw .invalid("payload: \(text)")
            }
        }
        if version == kind.currentVersion { try check(members, understoodAs: task.payload) }
        return task
    }

    /// What a payload of the current version says must all be understood, and would then be written again.
    private static func check(_ members: [String: JSONValue], understoodAs payload: TaskPayload) throws(Problem) {
        let understood: JSONValue
        do {
            understood = try JSONReader.read(Array(payload.json().utf8))
        } catch {
            throw .invalid("payload: it cannot be read")
        }
        if let unknown = members.filter({ $0.value != .null && understood[$0.key] == nil }).keys.min() {
            throw .unknown("field", "payload.\(unknown)", known: [])
        }
    }
}

extension Scalar where Value == Int {
    /// See `Failure.fingerprint`.
    static let fingerprint = Scalar.integer(0...Int(UInt32.max))
}

extension Shape where Value == Int {
    static let retried = Shape.object("Retried") {
        Field("retried", .count) { $0 }
    }

    static let cancelled = Shape.object("Cancelled") {
        Field("cancelled", .count) { $0 }
    }
}
