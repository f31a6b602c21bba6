/// Keeps a service that fails from being asked: closed; open for a while after failures in a row; then half open, when
/// one probe may ask and its end decides.
///
/// Pure: times are seconds, and come in with each call. Its parts can be kept and put together again, so that several
/// processes share one.
package struct CircuitBreaker: Hashable, Sendable {
    package struct Policy: Hashable, Sendable {
        package var failuresToOpen: Int
        /// Of the first opening; each further one in a row waits twice as long.
        package var firstPauseSeconds: Double
        package var longestPauseSeconds: Double
        /// Where somebody has to do something first: there is a look now and then whether it was done.
        package var blockedPauseSeconds: Double

        package init(
            failuresToOpen: Int = 5, firstPauseSeconds: Double = 5, longestPauseSeconds: Double = 60,
            blockedPauseSeconds: Double = 30
        ) {
            self.failuresToOpen = max(1, failuresToOpen)
            self.firstPauseSeconds = firstPauseSeconds
            self.longestPauseSeconds = longestPauseSeconds
            self.blockedPauseSeconds = blockedPauseSeconds
        }
    }

    package enum State: Hashable, Sendable {
        case closed(failures: Int)
        case open(untilSeconds: Double)
        /// The probe is under way; when it is not heard of until then, another may go.
        case halfOpen(untilSeconds: Double)
    }

    /// Shown again when the request has ended: what began before the last change tells nothing about now.
    package struct Permit: Hashable, Sendable {
        fileprivate let era: Int
        package let isProbe: Bool
        /// Nothing had failed before: its success changes nothing.
        package let isClean: Bool
    }

    package enum Admission: Hashable, Sendable {
        case go(Permit)
        case wait(seconds: Double)
    }

    package private(set) var state: State
    private let policy: Policy
    /// Counts the changes of the state.
    package private(set) var era: Int
    /// Openings since the service last answered.
    package private(set) var openings: Int

    /// While a probe is under way others ask again after this.
    private static let probeSeconds: Double = 1
    /// A probe is taken for lost at the earliest after this.
    private static let probeLostSeconds: Double = 60
    /// A service that asks for so much is left alone at once, not only after failures in a row.
    private static let askedSeconds: Double = 2
    /// Nobody is left alone for longer because he asks for it.
    package static let longestAskedSeconds: Double = 3600

    package init(
        _ policy: Policy = Policy(), state: State = .closed(failures: 0), era: Int = 0, openings: Int = 0
    ) {
        self.policy = policy
        self.state = state
        self.era = era
        self.openings = openings
    }

    /// True until it opens, and again once a probe was answered.
    package var isReached: Bool {
        if case .closed = state { return true }
        return false
    }

    /// Seconds until a request may be made; 0 when one may be made now.
    package func waitSeconds(at now: Double) -> Double {
        switch state {
        case .closed: 0
        case .open(let until): Self.rest(until, now)
        case .halfOpen(let until): min(Self.probeSeconds, Self.rest(until, now))
        }
    }

    /// A time that is further away than any pause was written by a clock that was set back since: it is over.
    private static func rest(_ until: Double, _ now: Double) -> Double {
        until - now > longestAskedSeconds * 2 ? 0 : max(0, until - now)
    }

    /// - Parameter limit: seconds that the request may take.
    package mutating func admit(at now: Double, limit: Double = 0) -> Admission {
        switch state {
        case .closed(let failures): return .go(Permit(era: era, isProbe: false, isClean: failures == 0))
        case .open(let until) where Self.rest(until, now) == 0,
            .halfOpen(let until) where Self.rest(until, now) == 0:
            let lostAfter = min(max(limit, Self.probeLostSeconds), Self.longestAskedSeconds)
            change(to: .halfOpen(untilSeconds: now + lostAfter))
            return .go(Permit(era: era, isProbe: true, isClean: false))
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
    ///   - isBlocked: it cannot work before somebody does something.
    ///   - unit: a random number in 0..<1 for the jitter.
    package mutating func failed(
        _ permit: Permit, at now: Double, retryAfter: Double? = nil, isBlocked: Bool = false, unit: Double
    ) {
        guard permit.era == era else { return }
        let asked = retryAfter.map { min($0, Self.longestAskedSeconds) } ?? 0
        if case .closed(let failures) = state, failures + 1 < policy.failuresToOpen, !isBlocked,
            asked < Self.askedSeconds
        {
            state = .closed(failures: failures + 1)
            return
        }
        openings += 1
        let law = RetryPolicy(
            maxFailures: .max, baseSeconds: policy.firstPauseSeconds * 2, capSeconds: policy.longestPauseSeconds * 2)
        let pause = min(law.delaySeconds(afterFailure: openings, unit: unit / 4), policy.longestPauseSeconds)
        change(to: .open(untilSeconds: now + max(isBlocked ? policy.blockedPauseSeconds : pause, asked)))
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
