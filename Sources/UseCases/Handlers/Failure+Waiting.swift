import Domain

extension Failure {
    private static let firstWaitSeconds: Double = 10

    /// The same, for a task whose service is left alone while others of its kind can be done: it waits the longer, the
    /// oftener it was begun in vain, so that very many of them do not go round and round in the queue. When the service
    /// is back, none waits much longer than the outage was, nor than the cap.
    /// - Parameter run: 1 when the task was never begun before.
    func waiting(longerWith run: Int, capSeconds: Double) -> Failure {
        guard isPostponing else { return self }
        let law = RetryPolicy(maxFailures: .max, baseSeconds: Self.firstWaitSeconds, capSeconds: capSeconds)
        let seconds = law.delaySeconds(afterFailure: run, retryAfter: retryAfterSeconds, unit: 1)
        return Failure(reason, message, retryAfterSeconds: seconds)
    }
}
