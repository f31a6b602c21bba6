/// A quota: so many at once, so many a second.
///
/// Pure: times are seconds on a clock that never goes back.
package struct TokenBucket: Hashable, Sendable {
    private let capacity: Double
    private let perSecond: Double
    private var tokens: Double
    private var filledAt: Double?

    package init(capacity: Double, perSecond: Double) {
        precondition(capacity >= 1 && perSecond > 0, "a quota lets something through")
        self.capacity = capacity
        self.perSecond = perSecond
        tokens = capacity
    }

    /// Takes one and answers after how many seconds it may be used; nil, and nothing is taken, when that is longer than
    /// `patience`. Those who wait have taken theirs, so that they go one after the other.
    package mutating func take(at now: Double, patience: Double) -> Double? {
        if let filledAt, now > filledAt { tokens = min(capacity, tokens + (now - filledAt) * perSecond) }
        filledAt = max(now, filledAt ?? now)
        let wait = max(0, (1 - tokens) / perSecond)
        guard wait <= patience else { return nil }
        tokens -= 1
        return wait
    }
}
