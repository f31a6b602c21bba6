/// How often and how soon a failed task is tried again: exponential back-off with half jitter.
package struct RetryPolicy: Hashable, Sendable {
    /// Attempts that may fail before the task is a dead letter.
    package let maxFailures: Int
    package let baseSeconds: Double
    package let capSeconds: Double

    package init(maxFailures: Int, baseSeconds: Double, capSeconds: Double) {
        self.maxFailures = maxFailures
        self.baseSeconds = baseSeconds
        self.capSeconds = capSeconds
    }

    /// For work on this machine.
    package static let compute = RetryPolicy(maxFailures: 3, baseSeconds: 5, capSeconds: 600)

    /// For work that a service elsewhere does.
    package static let network = RetryPolicy(maxFailures: 8, baseSeconds: 10, capSeconds: 3600)

    /// For webhooks: about a day of tries before a delivery is given up.
    package static let webhook = RetryPolicy(maxFailures: 16, baseSeconds: 5, capSeconds: 6 * 3600)

    /// What waits for a service is tried again after this at the earliest, if the service did not name a time.
    static let postponeSeconds: Double = 10

    /// A worker may be lost this often under one task before the task itself is blamed.
    package static let maxCrashes = 10
    /// No server can ask for a longer pause than this.
    package static let maxRetryAfterSeconds: Double = 24 * 3600

    /// Seconds to wait after failure number `failure` (1 is the first).
    ///
    /// d = min(cap, base · 2^(n−1)); the answer lies in [d/2, d), or is `retryAfter` when that is longer.
    /// - Parameter unit: a random number in 0..<1.
    package func delaySeconds(afterFailure failure: Int, retryAfter: Double? = nil, unit: Double) -> Double {
        // Clamped before the subtraction: a count from outside must not overflow.
        let doublings = min(max(failure, 1), 41) - 1
        var full = baseSeconds
        for _ in 0..<doublings where full < capSeconds { full *= 2 }
        full = min(full, capSeconds)
        let jittered = full / 2 + full / 2 * min(max(unit, 0), 1)
        guard let retryAfter, retryAfter.isFinite, retryAfter > 0 else { return jittered }
        return max(jittered, min(retryAfter, RetryPolicy.maxRetryAfterSeconds))
    }
}
