/// Keeps a service that fails from being asked: closed; open for a while after failures in a row; then half open, when
/// one probe may ask and its end decides.
///
/// Pure: times are seconds on a clock that never goes back, and come in with each call.
package struct CircuitBreaker: Hashable, Sendable {
    package struct Policy: Hashable, Sendable {
        package var failuresToOpen: Int
        /// Of the first opening; each further one in a row waits twice as long.
        package var firstPauseSeconds: Double
        package var longestPauseSeconds: Double

        package init(failuresToOpen: Int = 5, firstPauseSeconds: Double = 5, longestPauseSeconds: Double = 60) {
            self.failuresToOpen = max(1, failuresToOpen)
            self.firstPauseSeconds = firstPauseSeconds
            self.longestPauseSeconds = longestPauseSeconds
        }
    }

    package enum State: Hashable, Sendable {
        case closed(failures: Int)
        case open(untilSeconds: Double)
        /// The probe is under way.
        case halfOpen
    }

    /// Shown again when the request has ended: what began before the last change tells nothing about now.
    package struct Permit: Hashable, Sendable {
        fileprivate let era: Int
        package let isProbe: Bool
    }

    package enum Admission: Hashable, Sendable {
        case go(Permit)
        case wait(seconds: Double)
    }

    package private(set) var state = State.closed(failures: 0)
    private let policy: Policy
    /// Counts the changes of the state.
    private var era = 0
    /// Openings since the service last answered.
    private var openings = 0

    /// While a probe is under way others ask again after this.
    private static let probeSeconds: Double = 1

    package init(_ policy: Policy = Policy()) {
        self.policy = policy
    }

    /// Seconds until a request may be made; 0 when one may be made now.
    package func waitSeconds(at now: Double) -> Double {
        switch state {
        case .closed: 0
        case .open(let until): max(0, until - now)
        case .halfOpen: Self.probeSeconds
        }
    }

    package mutating func admit(at now: Double) -> Admission {
        switch state {
        case .closed: return .go(Permit(era: era, isProbe: false))
        case .open(let until) where now >= until:
            change(to: .halfOpen)
            return .go(Permit(era: era, isProbe: true))
        case .open, .halfOpen: return .wait(seconds: waitSeconds(at: now))
        }
    }

    /// The service answered, whatever it said.
    package mutating func succeeded(_ permit: Permit) {
        guard permit.era == era else { return }
        openings = 0
        if permit.isProbe { change(to: .closed(failures: 0)) } else { state = .closed(failures: 0) }
    }

    /// - Parameters:
    ///   - retryAfter: seconds that the service asked for.
    ///   - unit: a random number in 0..<1 for the jitter.
    package mutating func failed(_ permit: Permit, at now: Double, retryAfter: Double? = nil, unit: Double) {
        guard permit.era == era else { return }
        if case .closed(let failures) = state, failures + 1 < policy.failuresToOpen {
            state = .closed(failures: failures + 1)
            return
        }
        openings += 1
        let law = RetryPolicy(
            maxFailures: .max, baseSeconds: policy.firstPauseSeconds * 2, capSeconds: policy.longestPauseSeconds * 2)
        let asked = retryAfter.map { min($0, policy.longestPauseSeconds) }
        let pause = min(
            law.delaySeconds(afterFailure: openings, retryAfter: asked, unit: unit / 4), policy.longestPauseSeconds)
        change(to: .open(untilSeconds: now + pause))
    }

    /// The request was given up by its caller, and says nothing about the service: another probe may go at once.
    package mutating func abandoned(_ permit: Permit, at now: Double) {
        guard permit.era == era, permit.isProbe else { return }
        change(to: .open(untilSeconds: now))
    }

    private mutating func change(to new: State) {
        state = new
        era += 1
    }
}
