import CoreMetrics
import Domain
import Files
import Foundation
import Logging
import Synchronization
import Telemetry
import UseCases

/// Hands bytes from the thread that reads a child to the task that sends them. Holds one reading at most: the thread reads
/// on when it was taken, and a child that is not read waits.
final class TranscodeLine: Sendable {
    let job: TranscodeJob
    let settings: MediaHostSettings
    private let metrics: any MetricsFactory
    private let logger: Logger
    private let wake: WakeSignal?
    private let state = Mutex(State())

    private struct State {
        var bytes: [UInt8] = []
        /// Since when they lie there; nil while there are none.
        var readyAt: ContinuousClock.Instant?
        /// Success when the child gave all it had.
        var end: Result<Void, Failure>?
        var waiter: CheckedContinuation<Void, Never>?
        var isStopped = false
        /// Whether any bytes ever came.
        var hasGiven = false
    }

    init(_ job: TranscodeJob, settings: MediaHostSettings, metrics: any MetricsFactory, logger: Logger) {
        self.job = job
        self.settings = settings
        self.metrics = metrics
        self.logger = logger
        wake = WakeSignal()
    }

    private static let stackBytes = 256 << 10

    /// - Parameter whenOver: Called when the child is gone.
    func start(_ whenOver: @escaping @Sendable () -> Void) {
        guard let wake else {
            finish(.failure(Failure(.internalError, "no file descriptor is left for a media host")))
            return whenOver()
        }
        // A child dies with the thread that started it, so this one stays for as long as it lives.
        let thread = Thread {
            var reader = TranscodeReader(line: self, wake: wake)
            let end = reader.run()
            reader.endChild()
            // Its place is free before anybody can know that it ended.
            whenOver()
            self.finish(end)
        }
        thread.name = "media-host-transcode"
        thread.stackSize = Self.stackBytes
        thread.start()
    }

    // MARK: The task that sends

    /// Throws when nothing came before the end.
    func waitForBytes() async throws {
        await wait()
        try state.withLock { state in _ = try Self.bytes(in: state) }
    }

    /// None at the end.
    func next() async throws -> [UInt8] {
        await wait()
        let bytes = try state.withLock { state in
            let bytes = try Self.bytes(in: state)
            state.bytes = []
            state.readyAt = nil
            return bytes
        }
        wake?.signal()
        return bytes
    }

    func stop() {
        let waiter = state.withLock { state in
            state.isStopped = true
            return exchange(&state.waiter, with: nil)
        }
        wake?.signal()
        waiter?.resume()
    }

    private static func bytes(in state: State) throws -> [UInt8] {
        guard state.bytes.isEmpty else { return state.bytes }
        switch state.end {
        case .success: return []
        case .failure(let failure): throw failure
        // It was stopped: what was sent before is not all.
        case nil: throw CancellationError()
        }
    }

    /// Until there are bytes, or the end, or nothing more is wanted.
    private func wait() async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isOver = state.withLock { state in
                    guard state.bytes.isEmpty, state.end == nil, !state.isStopped, !Task.isCancelled else {
                        return true
                    }
                    precondition(state.waiter == nil, "one task at a time takes what is encoded")
                    state.waiter = continuation
                    return false
                }
                if isOver { continuation.resume() }
            }
        } onCancel: {
            stop()
        }
    }

    // MARK: The thread that reads

    var isStopped: Bool { state.withLock(\.isStopped) }
    var hasGiven: Bool { state.withLock(\.hasGiven) }
    /// For how long nobody has taken what is there.
    var idle: Duration { state.withLock(\.readyAt).map { .now - $0 } ?? .zero }
    var wantsBytes: Bool { state.withLock(\.bytes.isEmpty) }

    func put(_ bytes: UnsafeRawBufferPointer) {
        let waiter = state.withLock { state in
            state.bytes.append(contentsOf: bytes)
            state.hasGiven = true
            if state.readyAt == nil { state.readyAt = .now }
            return exchange(&state.waiter, with: nil)
        }
        waiter?.resume()
    }

    private func finish(_ end: Result<Void, Failure>) {
        let (waiter, isStopped) = state.withLock { state in
            if state.end == nil { state.end = end }
            return (exchange(&state.waiter, with: nil), state.isStopped)
        }
        waiter?.resume()
        let how: TranscodeEnd =
            switch end {
            case .success: .done
            case .failure: isStopped ? .stopped : .failed
            }
        Metrics.playback.transcodes.count(job.profile.format, how, factory: metrics)
    }

    func countStart() { Metrics.workers.hostStarts.count(.transcode, factory: metrics) }

    /// A child that ended before its time: to the metrics, and to the log with how it ended.
    func tell(_ reason: HostRestart, _ failure: Failure, of pid: pid_t?) {
        Metrics.workers.hostRestarts.count(.transcode, reason, factory: metrics)
        var metadata: Logger.Metadata = [
            LogKeys.reason: .string(reason.rawValue), LogKeys.duty: .string(MediaHostChild.Duty.transcode.rawValue),
            LogKeys.path: .string(job.file.path.display), LogKeys.error: .string(failure.message),
        ]
        if let pid { metadata[LogKeys.processID] = .stringConvertible(pid) }
        logger.notice("A media host ended before its time", metadata: metadata)
    }
}

/// Puts a value into a place and answers what was there.
private func exchange<Value>(_ place: inout Value, with value: Value) -> Value {
    let old = place
    place = value
    return old
}
