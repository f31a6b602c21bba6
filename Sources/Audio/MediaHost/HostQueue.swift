import CoreMetrics
import Domain
import Foundation
import Logging
import Synchronization
import Telemetry

/// Requests of one duty, and the lanes (a thread and its child) that work them off. Lanes start when there is work
/// and end when there is none for a while.
final class HostQueue: Sendable {
    let duty: MediaHostChild.Duty
    let settings: MediaHostSettings
    let logger: Logger
    private let slots: Int
    /// Lanes are threads, which know nothing of the task that this was made in.
    private let metrics = MetricsSystem.factory
    private let state = Mutex(State())
    private let closed = Atomic(false)

    private struct State {
        var waiting: [HostJob] = []
        var lanes: [Int: Lane] = [:]
        var nextLane = 0
        var isClosed = false
        var drainWaiters: [CheckedContinuation<Void, Never>] = []
    }

    private struct Lane {
        let wake: WakeSignal
        /// It sleeps and would take more work.
        var wantsWork = false
        /// The long job it works on, and whether that is to be stopped.
        var running: UInt64?
        var isCancelled = false
    }

    init(duty: MediaHostChild.Duty, slots: Int, settings: MediaHostSettings, logger: Logger) {
        self.duty = duty
        self.slots = max(1, slots)
        self.settings = settings
        self.logger = logger
    }

    func submit(_ jobs: [HostJob]) {
        let (isRefused, wakes) = state.withLock { state -> (Bool, [WakeSignal]) in
            if state.isClosed { return (true, []) }
            state.waiting += jobs
            let idle = state.lanes.filter(\.value.wantsWork).prefix(jobs.count)
            for id in idle.map(\.key) { state.lanes[id]?.wantsWork = false }
            for _ in 0..<min(jobs.count - idle.count, slots - state.lanes.count) { startLane(&state) }
            return (false, idle.map(\.value.wake))
        }
        for wake in wakes { wake.signal() }
        guard isRefused else { return }
        for job in jobs { job.finish(.failure(CancellationError())) }
    }

    private func startLane(_ state: inout State) {
        guard let wake = WakeSignal() else {
            // A lane that runs will come to the job; without one, nobody can.
            if state.lanes.isEmpty { refuseAll(&state) }
            return
        }
        let id = state.nextLane
        state.nextLane += 1
        state.lanes[id] = Lane(wake: wake)
        let thread = Thread {
            var lane = HostLane(id: id, wake: wake, queue: self)
            lane.run()
        }
        thread.name = "media-host-\(duty.rawValue)"
        thread.stackSize = HostQueue.stackBytes
        thread.start()
    }

    private static let stackBytes = 1 << 20

    private func refuseAll(_ state: inout State) {
        for job in state.waiting {
            job.finish(.failure(Failure(.internalError, "no file descriptor is left for a media host")))
        }
        state.waiting = []
    }

    /// Waiting jobs are answered at once. A running one stops its child when the duty is long work.
    func cancel(_ ids: ClosedRange<UInt64>) {
        let (cancelled, wakes) = state.withLock { state -> ([HostJob], [WakeSignal]) in
            let cancelled = state.waiting.filter { ids.contains($0.id) }
            state.waiting.removeAll { ids.contains($0.id) }
            var wakes: [WakeSignal] = []
            for (id, lane) in state.lanes where isLongWork && lane.running.map(ids.contains) == true {
                state.lanes[id]?.isCancelled = true
                wakes.append(lane.wake)
            }
            return (cancelled, wakes)
        }
        for wake in wakes { wake.signal() }
        for job in cancelled { job.finish(.failure(CancellationError())) }
    }

    /// Ends all lanes; answers when their children are gone.
    func close() async {
        await withCheckedContinuation { continuation in
            let jobs = state.withLock { state -> [HostJob] in
                state.isClosed = true
                closed.store(true, ordering: .releasing)
                for lane in state.lanes.values { lane.wake.signal() }
                state.drainWaiters.append(continuation)
                resumeIfDrained(&state)
                defer { state.waiting = [] }
                return state.waiting
            }
            for job in jobs { job.finish(.failure(CancellationError())) }
        }
    }

    private func resumeIfDrained(_ state: inout State) {
        guard state.isClosed, state.lanes.isEmpty else { return }
        for waiter in state.drainWaiters { waiter.resume() }
        state.drainWaiters = []
    }
}

// What lanes call, each for itself.
extension HostQueue {
    /// One file at a time, and worth stopping when nobody waits for the answer any more.
    var isLongWork: Bool { duty != .tags }
    var isClosed: Bool { closed.load(ordering: .acquiring) }

    func countStart() { Metrics.workers.hostStarts.count(HostDuty(duty), factory: metrics) }

    func count(_ restart: HostRestart) {
        Metrics.workers.hostRestarts.count(HostDuty(duty), restart, factory: metrics)
    }

    /// Up to `room` jobs. When there are fewer, the lane will be woken by the next one.
    func take(_ room: Int, lane: Int) -> [HostJob] {
        state.withLock { state in
            let taken = Array(state.waiting.prefix(room))
            state.waiting.removeFirst(taken.count)
            state.lanes[lane]?.wantsWork = taken.count < room
            if isLongWork, let job = taken.first {
                state.lanes[lane]?.running = job.id
                state.lanes[lane]?.isCancelled = false
            }
            return taken
        }
    }

    func isCancelled(lane: Int) -> Bool {
        state.withLock { $0.lanes[lane]?.isCancelled ?? false }
    }

    /// The lane wants to end. False when there is work after all.
    func leave(lane: Int) -> Bool {
        state.withLock { state in
            guard state.isClosed || state.waiting.isEmpty else { return false }
            state.lanes[lane] = nil
            resumeIfDrained(&state)
            return true
        }
    }
}

extension HostDuty {
    init(_ duty: MediaHostChild.Duty) {
        self =
            switch duty {
            case .tags: .tags
            case .audio, .edit: .audio
            case .picture: .picture
            case .transcode: .transcode
            }
    }
}
