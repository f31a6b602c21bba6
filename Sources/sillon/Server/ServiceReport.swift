import Foundation
import Logging
import Synchronization
import Telemetry
import UseCases

/// Tells the service manager how this process is: that it is ready, what it does, that it lives, that it stops.
///
/// Without a service manager nothing is told. The watchdog is fed only while all loops of the process come round: it
/// would be of no use if a thread of its own went on feeding it.
final class ServiceReport: Sendable {
    /// What has to be there before the service is ready.
    enum Part: Hashable {
        /// Requests are taken.
        case listener
        /// Tasks are claimed.
        case worker
    }

    /// Nil where nobody watches.
    let loops: LoopWatch?
    private let notifier: ServiceNotifier?
    private let watchdog: Duration?
    private let logger: Logger
    private let state = Mutex(State())
    /// Held while something is told, so that it is told in order.
    private let telling = Mutex(())

    private struct State {
        var awaited: Set<Part> = []
        var isReady = false
        var stopsSince: ContinuousClock.Instant?
        var status = ""
        var tasksInHand: @Sendable () -> Int = { 0 }
        /// What has to be told once, and was not taken yet.
        var unsaid: [String] = []
        /// The status that was told last.
        var told = ""
        /// Loops that are late.
        var late: [String] = []
    }

    /// How often the status is told where there is no watchdog, and how often more time is asked for while stopping.
    private static let usualPause = Duration.seconds(5)
    /// Asked for again and again while running tasks end and the database is put in order …
    private static let moreTime = Duration.seconds(20)
    /// … but not for ever.
    private static let stopLimit = Duration.seconds(300)

    /// - Parameter processID: of this process; the watchdog may be meant for another.
    init(_ environment: Environment, processID: Int32 = getpid(), logger: Logger) {
        self.logger = logger
        notifier = Self.notifier(environment, logger)
        watchdog = notifier == nil ? nil : Self.watchdog(environment, processID)
        loops = watchdog.map { LoopWatch(slack: $0) }
    }

    /// A service that cannot tell anything works all the same.
    private static func notifier(_ environment: Environment, _ logger: Logger) -> ServiceNotifier? {
        guard let address = environment["NOTIFY_SOCKET"] else { return nil }
        do throws(CommandError) {
            return try ServiceNotifier(address)
        } catch {
            logger.warning("The service manager is not told anything", metadata: [LogKeys.error: "\(error.message)"])
            return nil
        }
    }

    /// What systemd sets for `WatchdogSec=` (sd_watchdog_enabled(3)); nil when it is not set, or not for this process.
    static func watchdog(_ environment: Environment, _ processID: Int32) -> Duration? {
        guard let text = environment["WATCHDOG_USEC"], let microseconds = Int64(text), microseconds > 0 else {
            return nil
        }
        if let owner = environment["WATCHDOG_PID"], owner != "\(processID)" { return nil }
        return .microseconds(microseconds)
    }

    /// Says what is waited for before the service is ready.
    func awaits(_ parts: Set<Part>, _ status: String) {
        state.withLock { state in
            state.awaited = parts
            state.status = status
        }
        tell()
    }

    func arrived(_ part: Part) {
        state.withLock { state in
            state.awaited.remove(part)
            guard state.awaited.isEmpty, !state.isReady else { return }
            state.isReady = true
            state.unsaid.append("READY=1")
        }
        tell()
    }

    func says(_ status: String) {
        state.withLock { $0.status = status }
        tell()
    }

    /// The number of tasks is part of the status from now on.
    func counts(_ tasksInHand: @escaping @Sendable () -> Int) {
        state.withLock { $0.tasksInHand = tasksInHand }
    }

    func stops() {
        state.withLock { state in
            guard state.stopsSince == nil else { return }
            state.stopsSince = .now
            state.status = "Stopping"
            state.unsaid.append("STOPPING=1")
        }
        tell()
    }

    /// Tells again and again, until it is cancelled.
    func run() async {
        guard notifier != nil else { return }
        let pause = min(watchdog.map { $0 / 2 } ?? Self.usualPause, Self.usualPause)
        while !Task.isCancelled {
            tell()
            try? await Task.sleep(for: pause)  // only cancellation throws here, and it ends the loop
        }
    }

    /// Who listens may be too busy to take it: then it is told again.
    private func tell() {
        guard let notifier else { return }
        telling.withLock { _ in
            let (unsaid, stopsSince, isReady) = state.withLock { ($0.unsaid, $0.stopsSince, $0.isReady) }
            var lines = unsaid
            if let stopsSince {
                if ContinuousClock.now - stopsSince < Self.stopLimit {
                    lines.append("EXTEND_TIMEOUT_USEC=\(Int64(Self.moreTime / .microseconds(1)))")
                }
            } else if isReady, let loops {
                let late = loops.overdue
                if late.isEmpty { lines.append("WATCHDOG=1") }
                report(late)
            }
            let status = changedStatus()
            if let status { lines.append("STATUS=\(status)") }
            guard !lines.isEmpty, notifier.send(lines) else { return }
            state.withLock { state in
                state.unsaid.removeFirst(unsaid.count)
                if let status { state.told = status }
            }
        }
    }

    /// Once, before the service manager ends the process, and once when it was no more than late.
    private func report(_ late: [String]) {
        let before = state.withLock { state in
            defer { state.late = late }
            return state.late
        }
        guard late != before else { return }
        if late.isEmpty {
            logger.notice("The work goes on")
        } else {
            logger.error("The work stands still", metadata: [LogKeys.event: "\(late.joined(separator: ", "))"])
        }
    }

    /// Nil when it was told already.
    private func changedStatus() -> String? {
        // Not under the lock: the count is somebody else's.
        let count = state.withLock { $0.tasksInHand }()
        return state.withLock { state in
            var status = state.status
            if !state.late.isEmpty { status += "; stands still: \(state.late.joined(separator: ", "))" }
            if count > 0 { status += "; \(count == 1 ? "1 task" : "\(count) tasks") in hand" }
            return status == state.told ? nil : status
        }
    }
}
