/// What is known of one door: its breaker, and what came of the requests.
///
/// Pure: times are seconds on a clock that all who share the record read.
package struct ServiceRecord: Hashable, Sendable {
    package var breaker: CircuitBreaker
    package var requests: Int
    package var failures: Int
    package var lastFailure: Failure?
    package var lastFailureAt: Double?

    package init(
        breaker: CircuitBreaker, requests: Int = 0, failures: Int = 0, lastFailure: Failure? = nil,
        lastFailureAt: Double? = nil
    ) {
        self.breaker = breaker
        self.requests = requests
        self.failures = failures
        self.lastFailure = lastFailure
        self.lastFailureAt = lastFailureAt
    }

    /// - Parameter limit: seconds that the request may take.
    package mutating func enter(
        _ policy: ServicePolicy, _ quota: inout TokenBucket, at now: Double, limit: Double
    ) -> ServiceAdmission {
        let closedFor = breaker.waitSeconds(at: now)
        guard closedFor == 0 else { return .closed(seconds: closedFor, lastFailure) }
        // After the breaker was looked at and before it moves: neither takes what the other refuses.
        var turn: Double = 0
        if policy.sharesQuota {
            guard let wait = quota.take(at: now, patience: policy.patience(within: limit)) else {
                return .crowded(seconds: quota.waitSeconds(at: now))
            }
            turn = wait
        }
        switch breaker.admit(at: now, limit: limit + turn) {
        case .go(let permit): return .go(ServiceTurn(permit: permit, waitSeconds: turn))
        case .wait(let seconds): return .closed(seconds: seconds, lastFailure)
        }
    }

    package mutating func leave(_ turn: ServiceTurn, _ end: ServiceEnd, at now: Double, unit: Double) {
        if end != .abandoned { requests += 1 }
        switch end {
        case .answered: breaker.succeeded(turn.permit)
        case .abandoned: breaker.abandoned(turn.permit, at: now)
        case .failed(let failure):
            failures += 1
            (lastFailure, lastFailureAt) = (failure, now)
            breaker.failed(
                turn.permit, at: now, retryAfter: failure.retryAfterSeconds, isBlocked: failure.isBlocking, unit: unit)
        }
    }
}

package enum ServiceAdmission: Hashable, Sendable {
    case go(ServiceTurn)
    /// The breaker is open, because of what the failure says.
    case closed(seconds: Double, Failure?)
    /// The quota is used up.
    case crowded(seconds: Double)
}

/// Shown again when the request has ended.
package struct ServiceTurn: Hashable, Sendable {
    package let permit: CircuitBreaker.Permit
    /// Before the request may be sent.
    package let waitSeconds: Double

    package init(permit: CircuitBreaker.Permit, waitSeconds: Double) {
        self.permit = permit
        self.waitSeconds = waitSeconds
    }
}

package enum ServiceEnd: Hashable, Sendable {
    /// The service lives, whatever it said.
    case answered
    case failed(Failure)
    /// Given up by its caller: says nothing.
    case abandoned

    /// The service asked for some time, as those with quotas do: no trouble.
    package var isPause: Bool {
        guard case .failed(let failure) = self else { return false }
        return failure.retryAfterSeconds != nil && !failure.isBlocking
    }
}
