import Domain
import Testing

@Suite struct AttemptDecisionTests {
    private let policy = RetryPolicy(maxFailures: 3, baseSeconds: 4, capSeconds: 60)

    @Test("A transient failure is retried until the attempts are used up")
    func transient() {
        let failure = Failure(.ioError, "\"/music/a.mp3\" could not be read")
        #expect(AttemptDecision.after(failure, failures: 1, policy: policy, unit: 0) == .retry(afterSeconds: 2))
        #expect(AttemptDecision.after(failure, failures: 2, policy: policy, unit: 0) == .retry(afterSeconds: 4))
        #expect(AttemptDecision.after(failure, failures: 3, policy: policy, unit: 0) == .bury(failure))
        #expect(AttemptDecision.after(failure, failures: 99, policy: policy, unit: 0) == .bury(failure))
    }

    @Test("A fatal failure is never retried", arguments: Failure.Reason.allCases)
    func fatal(reason: Failure.Reason) {
        let failure = Failure(reason, "why")
        let decision = AttemptDecision.after(failure, failures: 1, policy: policy, unit: 0)
        #expect((decision == .bury(failure)) == !(failure.isTransient || failure.isPostponing))
    }

    @Test("What the other side asked for is waited for")
    func retryAfter() {
        let failure = Failure(.ioError, "busy", retryAfterSeconds: 50)
        #expect(AttemptDecision.after(failure, failures: 1, policy: policy, unit: 0) == .retry(afterSeconds: 50))
    }

    @Test("A task is blamed for lost workers at the tenth, not before")
    func crashes() {
        for crashes in 0..<RetryPolicy.maxCrashes { #expect(AttemptDecision.afterCrash(crashes: crashes) == nil) }
        let failure = AttemptDecision.afterCrash(crashes: RetryPolicy.maxCrashes)
        #expect(failure?.reason == .crashLoop)
        #expect(failure?.isTransient == false)
    }
}
