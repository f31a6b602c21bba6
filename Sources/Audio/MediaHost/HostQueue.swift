import Domain
import Foundation
import Synchronization

/// Requests of one duty, and the lanes (a thread and its child) that work them off. Lanes start when there is work
/// and end when there is none for a while.
final class HostQueue: Sendable {
    let duty: MediaHostChild.Duty
    let settings: MediaHostSettings
    private let slots: Int
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

    init(duty: MediaHostChild.Duty, slots: Int, settings: MediaHostSettings) {
        self.duty = duty
        self.slots = max(1, slots)
        self.settings = settings
    }

    func submit(_ job: HostJob) {
        let (isRefused, wake) = state.withLock { state -> (Bool, WakeSignal?) in
            if state.isClosed { return (true, nil) }
            state.waiting.append(job)
            if let id = state.lanes.first(where: { $0.value.wantsWork })?.key {
                state.lanes[id]?.wantsWork = false
                return (false, state.lanes[id]?.wake)
            }
            if state.lanes.count < slots { startLane(&state) }
            return (false, nil)
        }
        wake?.signal()
        if isRefused { job.continuation.resume(throwing: CancellationError()) }
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
            job.continuation.resume(throwing: Failure(.internalError, "no file descriptor is left for a media host"))
        }
        state.waiting = []
    }

    /// A waiting job is answered at once. A running one stops its child when the duty is long work.
    func cancel(_ id: UInt64) {
        let (waiting, wake) = state.withLock { state -> (HostJob?, WakeSignal?) in
            if let index = state.waiting.firstIndex(where: { $0.id == id }) {
                return (state.waiting.remove(at: index), nil)
            }
            guard isLongWork, let lane = state.lanes.first(where: { $0.value.running == id })?.key else {
                return (nil, nil)
            }
            state.lanes[lane]?.isCancelled = true
            return (nil, state.lanes[lane]?.wake)
        }
        wake?.signal()
        waiting?.continuation.resume(throwing: CancellationError())
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
            for job in jobs { job.continuation.resume(throwing: CancellationError()) }
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
    var isLongWork: Bool { duty == .audio }
    var isClosed: Bool { closed.load(ordering: .acquiring) }

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
