/// Where a task stands. The four live states are rows of the queue; a task in one of the last three has left it.
package enum TaskState: String, Codable, CaseIterable, Sendable {
    /// May be claimed now.
    case ready
    /// A worker holds a lease on it.
    case running
    /// Waits for its time: scheduled, or backing off before a retry.
    case scheduled
    /// Waits for a worker that understands its version.
    case parked
    case done
    case dead
    case cancelled

    package var isLive: Bool { !isTerminal }
    package var isTerminal: Bool { self == .done || self == .dead || self == .cancelled }

    /// What can happen to a task.
    package enum Event: CaseIterable, Sendable {
        case claim, complete, retryLater, fail, rescue, release, park, unpark, promote, cancel, requeue
    }

    /// The state after `event`, or nil when that event is illegal here. This is the only table of transitions.
    package func after(_ event: Event) -> TaskState? {
        switch (self, event) {
        case (.ready, .claim): .running
        case (.running, .complete): .done
        case (.running, .retryLater): .scheduled
        case (.running, .fail): .dead
        case (.running, .rescue), (.running, .release): .ready
        case (.running, .park), (.ready, .park): .parked
        case (.parked, .unpark): .ready
        case (.scheduled, .promote): .ready
        case (.ready, .cancel), (.running, .cancel), (.scheduled, .cancel), (.parked, .cancel): .cancelled
        // A dead letter that nobody needs any more.
        case (.dead, .cancel): .cancelled
        case (.dead, .requeue): .ready
        default: nil
        }
    }
}
