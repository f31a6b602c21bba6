/// What the log tells of a server that is not in reach: a word when it begins, one now and then, one when it is over.
struct Outage: Sendable {
    private var nextWord: ContinuousClock.Instant?

    private static let interval = Duration.seconds(600)

    /// True when it is time to say so.
    mutating func failed(at now: ContinuousClock.Instant) -> Bool {
        if let nextWord, now < nextWord { return false }
        nextWord = now + Self.interval
        return true
    }

    /// True when something was said that is not so any more.
    mutating func ended() -> Bool {
        defer { nextWord = nil }
        return nextWord != nil
    }
}
