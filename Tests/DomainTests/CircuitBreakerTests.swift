import Domain
import Testing

@Suite struct CircuitBreakerTests {
    private let policy = CircuitBreaker.Policy(failuresToOpen: 3, firstPauseSeconds: 10, longestPauseSeconds: 35)

    private func permit(_ breaker: inout CircuitBreaker, at now: Double) throws -> CircuitBreaker.Permit {
        guard case .go(let permit) = breaker.admit(at: now) else { throw Refused() }
        return permit
    }

    private struct Refused: Error {}

    private func opened(at now: Double = 0) throws -> CircuitBreaker {
        var breaker = CircuitBreaker(policy)
        for _ in 0..<3 { breaker.failed(try permit(&breaker, at: now), at: now, unit: 0) }
        return breaker
    }

    @Test("Failures in a row open it, and a success between them counts from the start")
    func opens() throws {
        var breaker = CircuitBreaker(policy)
        for _ in 0..<2 { breaker.failed(try permit(&breaker, at: 0), at: 0, unit: 0) }
        breaker.succeeded(try permit(&breaker, at: 0))
        for _ in 0..<2 { breaker.failed(try permit(&breaker, at: 0), at: 0, unit: 0) }
        #expect(breaker.waitSeconds(at: 0) == 0)
        breaker.failed(try permit(&breaker, at: 0), at: 0, unit: 0)
        #expect(breaker.admit(at: 9.9) == .wait(seconds: 10 - 9.9))
    }

    @Test("When the pause is over one probe may go, and its success closes it")
    func probe() throws {
        var breaker = try opened()
        let probe = try permit(&breaker, at: 10)
        #expect(probe.isProbe)
        for _ in 0..<100 { #expect(throws: Refused.self) { try permit(&breaker, at: 11) } }
        breaker.succeeded(probe)
        #expect(breaker.state == .closed(failures: 0))
        #expect(try !permit(&breaker, at: 11).isProbe)
    }

    @Test("A probe that fails opens it for twice as long, up to the limit, and a success forgets that")
    func doubling() throws {
        var breaker = try opened()
        var now = 0.0
        for pause in [10.0, 20, 35, 35] {
            #expect(breaker.waitSeconds(at: now) == pause)
            now += pause
            let probe = try permit(&breaker, at: now)
            breaker.failed(probe, at: now, unit: 0)
        }
        now += 35
        breaker.succeeded(try permit(&breaker, at: now))
        for _ in 0..<3 { breaker.failed(try permit(&breaker, at: now), at: now, unit: 0) }
        #expect(breaker.waitSeconds(at: now) == 10)
    }

    @Test(
        "A dead host of everybody's is looked at no oftener than once a minute, and hardly less often",
        arguments: [0, 0.5, 0.999])
    func oneAMinute(unit: Double) throws {
        var breaker = CircuitBreaker(ServicePolicy.everybodys(perSecond: 1, atOnce: 1).breaker)
        for _ in 0..<3 { breaker.failed(try permit(&breaker, at: 0), at: 0, unit: unit) }
        var now = 0.0
        for _ in 0..<60 {
            let pause = breaker.waitSeconds(at: now)
            #expect(pause > 59.999 && pause < 75.001)
            now += pause
            breaker.failed(try permit(&breaker, at: now), at: now, unit: unit)
        }
    }

    @Test("Who asks to be left alone is left alone at once, and so is who is blocked")
    func atOnce() throws {
        var asking = CircuitBreaker(policy)
        asking.failed(try permit(&asking, at: 0), at: 0, retryAfter: 1, unit: 0)
        #expect(asking.waitSeconds(at: 0) == 0, "a second is waited for within the call")
        asking.failed(try permit(&asking, at: 0), at: 0, retryAfter: 3600, unit: 0)
        #expect(asking.waitSeconds(at: 0) == 3600)
        var blocked = CircuitBreaker(policy)
        blocked.failed(try permit(&blocked, at: 0), at: 0, isBlocked: true, unit: 0)
        #expect(blocked.waitSeconds(at: 0) == 30)
    }

    @Test("A probe that is never heard of makes room for another one, when its request must be over")
    func lost() throws {
        var breaker = try opened()
        _ = breaker.admit(at: 10, limit: 300)
        #expect(throws: Refused.self) { try permit(&breaker, at: 309) }
        #expect(try permit(&breaker, at: 310).isProbe)
    }

    @Test("Its parts can be kept and put together again")
    func stored() throws {
        let breaker = try opened()
        var again = CircuitBreaker(policy, state: breaker.state, era: breaker.era, openings: breaker.openings)
        #expect(again == breaker)
        let probe = try permit(&again, at: 10)
        again.failed(probe, at: 10, unit: 0)
        #expect(again.waitSeconds(at: 10) == 20)
    }

    @Test("A time that only a clock that was set back can have written keeps nobody out")
    func setBack() throws {
        let breaker = try opened(at: 100_000)
        #expect(breaker.waitSeconds(at: 0) == 0)
    }

    @Test("A probe that was given up lets another one go at once")
    func abandoned() throws {
        var breaker = try opened()
        let probe = try permit(&breaker, at: 10)
        breaker.abandoned(probe, at: 12)
        #expect(try permit(&breaker, at: 12).isProbe)
    }

    @Test("What began before it opened tells nothing afterwards")
    func late() throws {
        var breaker = CircuitBreaker(policy)
        let early = try permit(&breaker, at: 0)
        for _ in 0..<3 { breaker.failed(try permit(&breaker, at: 0), at: 0, unit: 0) }
        breaker.succeeded(early)
        #expect(breaker.waitSeconds(at: 0) == 10)
        let probe = try permit(&breaker, at: 10)
        breaker.failed(early, at: 10, unit: 0)
        #expect(breaker.state == .halfOpen(untilSeconds: 70))
        breaker.succeeded(probe)
        #expect(breaker.state == .closed(failures: 0))
    }

    @Test(
        "What the service asks for is waited for, within the limit",
        arguments: [(5.0, 10.0), (20, 20), (1e9, 3600), (-1, 10)])
    func retryAfter(asked: Double, pause: Double) throws {
        var breaker = CircuitBreaker(policy)
        while case .go(let permit) = breaker.admit(at: 0) {
            breaker.failed(permit, at: 0, retryAfter: asked, unit: 0)
        }
        #expect(breaker.waitSeconds(at: 0) == pause)
    }
}

@Suite struct TokenBucketTests {
    @Test("So many at once, then one after the other, and none for who will not wait")
    func quota() {
        var bucket = TokenBucket(capacity: 2, perSecond: 4)
        #expect((0..<4).map { _ in bucket.take(at: 0, patience: 0.5) } == [0, 0, 0.25, 0.5])
        #expect(bucket.take(at: 0, patience: 0.5) == nil)
        #expect(bucket.take(at: 100, patience: 0) == 0, "it fills up again")
        #expect(bucket.take(at: 100, patience: 0) == 0)
        #expect(bucket.take(at: 100, patience: 0) == nil, "and no further than it is large")
    }

    @Test("A clock that goes back gives nothing away")
    func clock() {
        var bucket = TokenBucket(capacity: 1, perSecond: 1)
        #expect(bucket.take(at: 10, patience: 0) == 0)
        #expect(bucket.take(at: 5, patience: 0) == nil)
        #expect(bucket.take(at: 10.5, patience: 0) == nil)
    }
}

@Suite struct NamePatternTests {
    @Test(
        "A star stands for anything, all else for itself",
        arguments: [
            ("ollama:*", "ollama:a@b/3", true), ("*", "", true), ("", "", true), ("", "a", false),
            ("*a*b", "xaxbxb", true), ("*a*b", "xaxbx", false), ("a.c", "abc", false), ("**x", "x", true),
            ("acoustic-v1", "acoustic-v12", false),
        ])
    func matches(pattern: String, name: String, does: Bool) {
        #expect(NamePattern(pattern).matches(name) == does)
    }

    @Test("Many stars take no longer than a product")
    func hostile() {
        let pattern = NamePattern(String(repeating: "*a", count: 100) + "b")
        #expect(!pattern.matches(String(repeating: "a", count: 2000)))
    }
}
