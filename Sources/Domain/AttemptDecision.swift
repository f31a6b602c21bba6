/// What the queue does with a task whose attempt did not succeed.
package enum AttemptDecision: Hashable, Sendable {
    /// Try again after so many seconds; the attempt is counted.
    case retry(afterSeconds: Double)
    /// Try again after so many seconds; the attempt is not counted.
    case postpone(afterSeconds: Double)
    /// Give up and keep the task with its reason.
    case bury(Failure)

    /// - Parameters:
    ///   - failures: failed attempts including this one.
    ///   - unit: a random number in 0..<1 for the jitter.
    package static func after(
        _ failure: Failure, failures: Int, policy: RetryPolicy, unit: Double
    ) -> AttemptDecision {
        if failure.isPostponing {
            // Spread, so that what waits for one service does not come back all at once.
            let asked = max(RetryPolicy.postponeSeconds, failure.retryAfterSeconds ?? 0)
            return .postpone(afterSeconds: min(asked, RetryPolicy.maxRetryAfterSeconds) * (1 + unit / 2))
        }
        guard failure.isTransient, failures < policy.maxFailures else { return .bury(failure) }
        return .retry(
            afterSeconds: policy.delaySeconds(
                afterFailure: failures, retryAfter: failure.retryAfterSeconds, unit: unit))
    }

    /// The decision for a task whose worker was lost: nil means "run it again, alone".
    package static func afterCrash(crashes: Int) -> Failure? {
        guard crashes >= RetryPolicy.maxCrashes else { return nil }
        return Failure(.crashLoop, "the worker was lost \(crashes) times while it ran this task")
    }
}
