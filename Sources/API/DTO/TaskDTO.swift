import Contracts
import Domain
import UseCases

extension Shape where Value == TaskRecord {
    /// Of lists: without the numbers that one stage hands to the next, which are longer than all the rest.
    static let task = Shape.object("Task") {
        taskFields(
            Field("payload", .any, "As it was submitted, but without `features`: they are with the task itself.") {
                withoutFeatures(payload(of: $0))
            })
    }

    @FieldsBuilder<TaskRecord> static func taskFields(_ payload: Field<TaskRecord>) -> [Field<TaskRecord>] {
        Field("id", .integer) { $0.id }
        Field("task", .choice, "What it does.") { $0.kind }
        Field("version", .count, "The version of its payload.") { $0.version }
        Field("role", .choice, "Which workers run it.") { $0.kind.role }
        Field("state", .choice) { $0.state }
        Field("priority", .priority) { $0.priority }
        payload
        Field(optional: "scan_id", .text) { $0.scanID }
        Field(optional: "parent_id", .integer, "The task whose outcome led to this one.") { $0.parentID }
        Field("run_count", .count, "How often a worker took it.") { $0.runs }
        Field("failures", .count) { $0.failures }
        Field("crashes", .count, "How often a process died over it.") { $0.crashes }
        Field("quarantined", .flag, "A suspect runs alone.") { $0.isQuarantined }
        Field(optional: "worker_id", .workerID) { $0.workerID }
        Field("created_at", .time) { $0.createdAt }
        Field(optional: "run_at", .time, "Not before this time.") { $0.runAt }
        Field(optional: "claimed_at", .time) { $0.claimedAt }
        Field(optional: "finished_at", .time) { $0.finishedAt }
        Field(optional: "last_failure", .failure) { $0.lastFailure }
        Field(optional: "trace_id", .text, "Under which a collector of traces has it.") { $0.traceID }
    }

    /// The answer to a new task.
    static let acceptedTask = Shape.object("TaskAccepted") {
        Field("task_id", .integer) { $0.id }
    }

    private static func withoutFeatures(_ payload: JSONValue) -> JSONValue {
        guard case .object(var members) = payload else { return payload }
        members["features"] = nil
        return .object(members)
    }

    /// A payload is kept as text; one that is no JSON is shown as that text.
    static func payload(of task: TaskRecord) -> JSONValue {
        // What somebody listens to is nobody else's business.
        if task.kind == .submitListens { return .object([:]) }
        do {
            let payload = try JSONReader.read(Array(task.payload.utf8))
            guard task.kind == .deliverWebhook, case .object(var members) = payload else { return payload }
            // Of some events only administrators hear.
            members["body"] = nil
            return .object(members)
        } catch {
            return .string(task.payload)
        }
    }
}

/// A task with its runs and events.
struct TaskDetail: Sendable {
    let task: TaskRecord
    let runs: [TaskRun]
    let events: [TaskEvent]
    let waitingFor: [WaitReason]
}

extension Shape where Value == TaskDetail {
    static let taskDetail = Shape.object("TaskDetail") {
        Shape<TaskRecord>.taskFields(
            Field("payload", .any, "As it was submitted.") { Shape<TaskRecord>.payload(of: $0) }
        ).map { $0.of { (detail: TaskDetail) in detail.task } }
        Field("runs", Shape<TaskRun>.run.list, "One entry for each attempt.") { $0.runs }
        Field("events", Shape<TaskEvent>.event.list, "What happened besides attempts.") { $0.events }
        Field(
            "waiting_for", Shape<WaitReason>.waitReason.list,
            "Why it does not run, what needs somebody first; empty for what runs or has ended."
        ) { $0.waitingFor }
    }
}

extension Shape where Value == WaitReason {
    static let waitReason = Shape.object("WaitReason") {
        Field("reason", .choice, "next: nothing is in its way.") { $0.name }
        Field("detail", .text) { $0.text }
        Field(optional: "until", .time, "When it is due, for what is scheduled.") {
            if case .scheduled(let time) = $0 { time } else { nil }
        }
    }
}

extension Shape where Value == DeadGroup {
    static let deadGroup = Shape.object("DeadGroup") {
        Field("fingerprint", .count, "Names the cause in filters of tasks.") { $0.fingerprint }
        Field("count", .count, "Of the newest \(DeadGroup.maxLooked) dead tasks.") { $0.count }
        Field("task", .choice, "Of the newest of them, as what follows.") { $0.kind }
        Field("newest_task_id", .integer) { $0.newestTask }
        Field("newest_at", .time) { $0.newestAt }
        Field("failure", .failure) { $0.failure }
    }
}

extension DeadGroup {
    /// Dead tasks that are looked at to group them.
    static let maxLooked = 5000
}

extension Shape where Value == TaskRun {
    static let run = Shape.object("TaskRun") {
        Field("run", .count) { $0.run }
        Field(optional: "worker_id", .workerID) { $0.workerID }
        Field("end", .text, "How it ended: succeeded, retried, died, cancelled, released, lost or parked.") {
            $0.end.rawValue
        }
        Field(optional: "claimed_at", .time) { $0.claimedAt }
        Field("finished_at", .time) { $0.finishedAt }
        Field(
            optional: "memory_bytes", .integer,
            "The most that the media host held which worked for it, in its life until then."
        ) { $0.memoryBytes }
        Field(optional: "failure", .failure) { $0.failure }
    }
}

extension Shape where Value == TaskEvent {
    static let event = Shape.object("TaskEvent") {
        Field("at", .time) { $0.at }
        Field("type", .text) { $0.type }
        Field("actor", .text) { $0.actor }
        Field("detail", .text) { $0.detail }
    }
}

extension Shape where Value == Failure {
    static let failure = Shape.object("Failure") {
        Field("reason", .choice) { $0.reason }
        Field("message", .text) { $0.message }
        Field("transient", .flag, "True when another try may help.") { $0.isTransient }
        Field("fingerprint", .count, "The same for all failures with one cause.") { $0.fingerprint }
    }
}
