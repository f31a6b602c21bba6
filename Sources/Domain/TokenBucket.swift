/// A quota: so many at once, so many a second. It is kept as one number, the time at which it will be full again.
///
/// Pure: times are seconds, and come in with each call.
package struct TokenBucket: Hashable, Sendable {
    private let capacity: Double
    private let perSecond: Double
    package private(set) var fullAt: Double

    package init(capacity: Double, perSecond: Double, fullAt: Double = -.infinity) {
        precondition(capacity >= 1 && perSecond > 0, "a quota lets something through")
        self.capacity = capacity
        self.perSecond = perSecond
        self.fullAt = fullAt
    }

    /// Seconds until one may be used.
    package func waitSeconds(at now: Double) -> Double {
        max(0, max(fullAt, now) + (1 - capacity) / perSecond - now)
    }

    /// How much of it is used, 0 to 1; more when some wait for their turn.
    package func usedShare(at now: Double) -> Double { max(0, fullAt - now) * perSecond / capacity }

    /// Takes one and answers after how many seconds it may be used; nil, and nothing is taken, when that is longer than
    /// `patience`. Those who wait have taken theirs, so that they go one after the other.
    package mutating func take(at now: Double, patience: Double) -> Double? {
        let wait = waitSeconds(at: now)
        guard wait <= patience else { return nil }
        fullAt = max(fullAt, now) + 1 / perSecond
        return wait
    }

    /// Forgets a time that nobody can have waited for: it was written by a clock that was set back since.
    package mutating func distrust(at now: Double, patience: Double) {
        if waitSeconds(at: now) > patience + 1 / perSecond { fullAt = now }
    }
}
