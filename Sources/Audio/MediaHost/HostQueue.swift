import CMediaHost
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

    private struct State {
        var waiting: [HostJob] = []
        var lanes: [Int: Lane] = [:]
        var nextLane = 0
        var isClosed = false
        var drainWaiters: [CheckedContinuation<Void, Never>] = []
    }

    private struct Lane {
        let wake: Int32
        /// It sleeps and would take more work.
        var wantsWork = false
        var running: Set<UInt64> = []
        var cancelled: Set<UInt64> = []
    }

    init(duty: MediaHostChild.Duty, slots: Int, settings: MediaHostSettings) {
        self.duty = duty
        self.slots = max(1, slots)
        self.settings = settings
    }

    func submit(_ job: HostJob) {
        let isRefused = state.withLock { state -> Bool in
            if state.isClosed { return true }
            state.waiting.append(job)
            if let id = state.lanes.first(where: { $0.value.wantsWork })?.key {
                state.lanes[id]?.wantsWork = false
                if let wake = state.lanes[id]?.wake { sillon_wake_signal(wake) }
            } else if state.lanes.count < slots {
                startLane(&state)
            }
            return false
        }
        if isRefused { job.continuation.resume(throwing: CancellationError()) }
    }

    private func startLane(_ state: inout State) {
        let wake = sillon_wake_create()
        guard wake >= 0 else {
            // Out of descriptors. A lane that runs will come to the job; without one, nobody can.
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
        thread.stackSize = 1 << 20
        thread.start()
    }

    private func refuseAll(_ state: inout State) {
        for job in state.waiting {
            job.continuation.resume(throwing: Failure(.internalError, "no file descriptor is left for a media host"))
        }
        state.waiting = []
    }

    /// A waiting job is answered at once. A running one stops its child when the duty is long work.
    func cancel(_ id: UInt64) {
        let waiting = state.withLock { state -> HostJob? in
            if let index = state.waiting.firstIndex(where: { $0.id == id }) { return state.waiting.remove(at: index) }
            guard duty == .audio, let lane = state.lanes.first(where: { $0.value.running.contains(id) })?.key else {
                return nil
            }
            state.lanes[lane]?.cancelled.insert(id)
            if let wake = state.lanes[lane]?.wake { sillon_wake_signal(wake) }
            return nil
        }
        waiting?.continuation.resume(throwing: CancellationError())
    }

    /// Ends all lanes; answers when their children are gone.
    func close() async {
        await withCheckedContinuation { continuation in
            let jobs = state.withLock { state -> [HostJob] in
                state.isClosed = true
                for lane in state.lanes.values { sillon_wake_signal(lane.wake) }
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
    var isClosed: Bool { state.withLock { $0.isClosed } }

    /// Up to `room` jobs. When there are none, the lane will be woken by the next one.
    func take(_ room: Int, lane: Int) -> [HostJob] {
        guard room > 0 else { return [] }
        return state.withLock { state in
            let taken = Array(state.waiting.prefix(room))
            state.waiting.removeFirst(taken.count)
            state.lanes[lane]?.running.formUnion(taken.map(\.id))
            state.lanes[lane]?.wantsWork = taken.count < room
            return taken
        }
    }

    func finished(_ id: UInt64, lane: Int) {
        state.withLock { state in
            state.lanes[lane]?.running.remove(id)
            state.lanes[lane]?.cancelled.remove(id)
        }
    }

    func isCancelled(_ id: UInt64, lane: Int) -> Bool {
        state.withLock { $0.lanes[lane]?.cancelled.contains(id) ?? false }
    }

    /// The lane wants to end. False when there is work after all.
    func leave(lane: Int) -> Bool {
        state.withLock { state in
            guard state.isClosed || state.waiting.isEmpty else { return false }
            if let wake = state.lanes.removeValue(forKey: lane)?.wake { Glibc.close(wake) }
            resumeIfDrained(&state)
            return true
        }
    }
}
