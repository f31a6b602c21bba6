import Domain
import UseCases

/// What becomes of a task that meets a trouble for the first time, and of its service.
struct TroubleExpectation: Equatable {
    var reason: Failure.Reason
    /// Attempts that are charged.
    var failures: Int
    var breaker: ServiceState
    /// Requests that arrive.
    var requests: Int
    /// Seconds until the task is tried again, at the least.
    var earliest: Double
    /// Half as much again, since what waits is spread.
    var latest: Double

    /// The table of the documentation, `docs/services.md`, as a function.
    static func of(_ errand: Errand, _ trouble: Trouble) -> TroubleExpectation {
        let tries = errand.isAskedTwice ? 2 : 1
        var expected: TroubleExpectation
        switch trouble {
        case .silence: expected = charged(requests: 1)
        case .status500, .halfABody, .html, .endless: expected = charged(requests: tries)
        case .busyForASecond: expected = waiting(.serviceUnavailable, .closed, requests: tries, seconds: 10)
        case .busyForAnHour: expected = waiting(.serviceUnavailable, .open, requests: 1, seconds: 3600)
        case .dead: expected = waiting(.serviceUnavailable, .closed, requests: 0, seconds: 10)
        case .redirectToLoopback, .redirectToMetadata:
            expected =
                errand.followsRedirects
                ? charged(requests: tries) : waiting(.serviceBlocked, .blocked, requests: 1, seconds: 10)
        case .nameLeadsInside: expected = waiting(.serviceBlocked, .blocked, requests: 0, seconds: 10)
        }
        // The archive leads on within itself before it answers.
        if errand == .coverArt, trouble == .halfABody { expected.requests *= 2 }
        if errand.isOutbox, trouble != .busyForAnHour {
            expected = waiting(.serviceUnavailable, expected.breaker, requests: expected.requests, seconds: 10)
        }
        return expected
    }

    private static func charged(requests: Int) -> TroubleExpectation {
        TroubleExpectation(
            reason: .serviceError, failures: 1, breaker: .closed, requests: requests, earliest: 5, latest: 10)
    }

    private static func waiting(
        _ reason: Failure.Reason, _ breaker: ServiceState, requests: Int, seconds: Double
    ) -> TroubleExpectation {
        TroubleExpectation(
            reason: reason, failures: 0, breaker: breaker, requests: requests, earliest: seconds,
            latest: seconds * 1.5)
    }
}
