import Synchronization

/// Lets one task wait for many answers: its continuation goes on with the last of them.
final class Countdown: Sendable {
    private let left: Atomic<Int>
    private let continuation: CheckedContinuation<Void, Never>

    init(_ count: Int, _ continuation: CheckedContinuation<Void, Never>) {
        precondition(count > 0, "there is something to wait for")
        left = Atomic(count)
        self.continuation = continuation
    }

    func countDown() {
        if left.subtract(1, ordering: .acquiringAndReleasing).newValue == 0 { continuation.resume() }
    }
}
