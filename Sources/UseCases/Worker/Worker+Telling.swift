import Contracts
import Domain
import Logging
import Telemetry

extension Worker {
    /// A task that is being run here.
    struct Attempt: Sendable {
        let task: LeasedTask
        let payload: Result<TaskPayload, LeasedTask.Refusal>
        let fields: TaskFields
        /// Nil for a task that nobody traces.
        let span: TraceSpan?
        let start: ContinuousClock.Instant

        /// What is done for it.
        var work: WorkContext { span?.work ?? WorkContext(task: fields) }
    }

    func begin(_ task: LeasedTask) -> Attempt {
        let payload = task.readPayload()
        let fields = TaskFields(
            id: task.lease.taskID, kind: task.kind, run: task.run, scanID: payload.value?.scanID,
            trackID: payload.value?.trackID)
        let span = task.trace.flatMap { recorder?.run(fields, worker: registration.id, below: $0) }
        let attempt = Attempt(task: task, payload: payload, fields: fields, span: span, start: .now)
        logger.debug("A task begins", metadata: attempt.work.metadata)
        return attempt
    }

    /// How it ended, to the trace and to the log.
    func tell(_ result: Settlement.Result, of attempt: Attempt) {
        attempt.span?.setOutcome(result.name)
        if case .failed(let failure) = result { attempt.span?.fail(failure) }
        attempt.span?.end()
        let isFailure = if case .failed = result { true } else { false }
        guard isFailure || logger.logLevel <= .debug else { return }
        var metadata = attempt.work.metadata
        metadata[LogKeys.durationMs] = "\(Int((ContinuousClock.now - attempt.start) / .milliseconds(1)))"
        if case .failed(let failure) = result {
            metadata[LogKeys.reason] = .string(failure.reason.rawValue)
            metadata[LogKeys.error] = .string(failure.message)
            logger.notice("A task failed", metadata: metadata)
        } else {
            metadata[LogKeys.outcome] = .string(result.name)
            logger.debug("A task ended", metadata: metadata)
        }
    }
}

extension Settlement.Result {
    fileprivate var name: String {
        switch self {
        case .completed: "completed"
        case .failed: "failed"
        case .released: "released"
        case .parked: "parked"
        }
    }
}

extension Result {
    fileprivate var value: Success? { if case .success(let value) = self { value } else { nil } }
}

extension TaskPayload {
    fileprivate var scanID: String? {
        switch self {
        case .scanLibrary(let payload): payload.scanID
        case .indexFile(let payload): payload.scanID
        case .analyzeAudio(let payload): payload.scanID
        case .vectorizeTrack(let payload): payload.scanID
        case .vectorizeText(let payload): payload.scanID
        default: nil
        }
    }

    fileprivate var trackID: Int64? {
        switch self {
        case .indexFile(let payload): payload.trackID
        case .analyzeAudio(let payload): payload.trackID
        case .vectorizeTrack(let payload): payload.trackID
        case .vectorizeText(let payload): payload.trackID
        default: nil
        }
    }
}
