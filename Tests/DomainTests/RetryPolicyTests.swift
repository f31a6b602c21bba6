import Domain
import TestSupport
import Testing

@Suite struct RetryPolicyTests {
    private let policy = RetryPolicy(maxFailures: 8, baseSeconds: 10, capSeconds: 3600)

    @Test("The delay doubles from the base to the cap, and lies in the upper half", arguments: 1...60)
    func law(failure: Int) {
        let doublings = min(failure - 1, 20)
        let full = min(3600, 10 * Double(1 << doublings))
        #expect(policy.delaySeconds(afterFailure: failure, unit: 0) == full / 2)
        #expect(policy.delaySeconds(afterFailure: failure, unit: 0.5) == full * 0.75)
        let top = policy.delaySeconds(afterFailure: failure, unit: 1.0.nextDown)
        #expect(top <= full && top > full * 0.99)
    }

    @Test("Random jitter stays in its bounds and is not always the same", arguments: UInt64(1)...10)
    func jitter(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        var seen: Set<Double> = []
        for _ in 0..<200 {
            let failure = Int.random(in: 1...30, using: &random)
            let delay = policy.delaySeconds(afterFailure: failure, unit: Double.random(in: 0..<1, using: &random))
            #expect(delay >= 5 && delay < 3600)
            seen.insert(delay)
        }
        #expect(seen.count > 190)
    }

    @Test("A count that makes no sense is taken for the nearest that does", arguments: [Int.min, -1, 0])
    func oddCounts(failure: Int) {
        #expect(policy.delaySeconds(afterFailure: failure, unit: 0) == 5)
    }

    @Test("The greatest count gives the cap", arguments: [41, 1000, Int.max])
    func greatCounts(failure: Int) {
        #expect(policy.delaySeconds(afterFailure: failure, unit: 0) == 1800)
    }

    @Test("A random number outside 0..<1 is clamped")
    func clampedUnit() {
        #expect(policy.delaySeconds(afterFailure: 1, unit: -3) == 5)
        #expect(policy.delaySeconds(afterFailure: 1, unit: 7) == 10)
    }

    @Test(
        "A wish of the other side is kept when it is longer, and never beyond a day",
        arguments: [
            (30.0, 30.0), (1, 5), (-1, 5), (0, 5), (1e9, 86_400), (.infinity, 5), (-.infinity, 5), (.nan, 5),
            (.signalingNaN, 5), (86_400, 86_400), (.greatestFiniteMagnitude, 86_400),
        ])
    func retryAfter(wish: Double, expected: Double) {
        #expect(policy.delaySeconds(afterFailure: 1, retryAfter: wish, unit: 0) == expected)
    }

    @Test("A policy without any time gives zero, not an endless loop")
    func zeroBase() {
        let policy = RetryPolicy(maxFailures: 3, baseSeconds: 0, capSeconds: 0)
        #expect(policy.delaySeconds(afterFailure: Int.max, unit: 0.5) == 0)
    }
}
