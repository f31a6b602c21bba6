import Domain
import TestSupport
import Testing

@Suite struct TaskStateTests {
    /// The legal transitions, written down a second time so that a change of the table is a change of this test.
    private static let legal: [TaskState: [TaskState.Event: TaskState]] = [
        .ready: [.claim: .running, .park: .parked, .cancel: .cancelled],
        .running: [
            .complete: .done, .retryLater: .scheduled, .fail: .dead, .rescue: .ready, .release: .ready, .park: .parked,
            .cancel: .cancelled,
        ],
        .scheduled: [.promote: .ready, .cancel: .cancelled],
        .parked: [.unpark: .ready, .cancel: .cancelled],
        .dead: [.requeue: .ready, .cancel: .cancelled],
        .done: [:],
        .cancelled: [:],
    ]

    @Test("Every pair of state and event is as the table says", arguments: TaskState.allCases, TaskState.Event.allCases)
    func table(state: TaskState, event: TaskState.Event) {
        #expect(state.after(event) == TaskStateTests.legal[state]?[event])
    }

    @Test("Each state is either live or terminal, and only a dead task comes back from a terminal one")
    func liveness() {
        let terminal = TaskState.allCases.filter(\.isTerminal)
        #expect(Set(terminal) == [.done, .dead, .cancelled])
        for state in TaskState.allCases {
            #expect(state.isLive != state.isTerminal)
            let exits = TaskState.Event.allCases.filter { state.after($0) != nil }
            if state.isTerminal {
                #expect(exits == (state == .dead ? [.cancel, .requeue] : []))
            } else {
                #expect(!exits.isEmpty)
            }
        }
    }

    @Test("From every live state a task can be finished and can be cancelled")
    func everyTaskCanEnd() {
        for state in TaskState.allCases where state.isLive {
            #expect(reachable(from: state).isSuperset(of: [.done, .dead, .cancelled]))
            #expect(state.after(.cancel) == .cancelled)
        }
    }

    private func reachable(from start: TaskState) -> Set<TaskState> {
        var seen: Set = [start]
        var open = [start]
        while let state = open.popLast() {
            for event in TaskState.Event.allCases {
                if let next = state.after(event), seen.insert(next).inserted { open.append(next) }
            }
        }
        return seen
    }

    @Test(
        "No random run of events leaves the table, completes unclaimed work, or revives what is done",
        arguments: UInt64(1)...50)
    func randomRuns(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        var state = TaskState.ready
        var trace: [TaskState.Event] = []
        for _ in 0..<500 {
            guard let event = TaskState.Event.allCases.randomElement(using: &random) else { return }
            guard let next = state.after(event) else { continue }
            trace.append(event)
            if next == .done || next == .dead { #expect(state == .running, "after \(trace.suffix(5))") }
            if next == .running { #expect(state == .ready, "after \(trace.suffix(5))") }
            if state.isTerminal {
                #expect(state == .dead && (next == .ready || next == .cancelled), "after \(trace.suffix(5))")
            }
            state = next
            if state == .done || state == .cancelled { state = .ready }
        }
        #expect(trace.count > 50)
    }
}
