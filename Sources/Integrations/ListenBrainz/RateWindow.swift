import Domain

/// What a service's rate headers say: how many requests are left before the window ends.
///
/// Pure: times are seconds on a clock that never goes back.
struct RateWindow: Hashable, Sendable {
    /// No window is longer, whatever a header says.
    private static let longestSeconds: Double = 300

    private var remaining = Int.max
    private var endsAt = 0.0

    /// Seconds until a request may be made. One that may be made now is counted.
    mutating func take(at now: Double) -> Double {
        if now >= endsAt { remaining = .max }
        guard remaining > 0 else { return endsAt - now }
        if remaining != .max { remaining -= 1 }
        return 0
    }

    /// `X-RateLimit-Remaining` and `X-RateLimit-Reset-In`. Answers may overtake each other: within a window the smaller
    /// number counts.
    mutating func note(remaining left: Int, resetIn seconds: Double, at now: Double) {
        guard left >= 0, seconds >= 0, seconds.isFinite else { return }
        let end = now + min(seconds, Self.longestSeconds)
        let isSameWindow = now < endsAt && end <= endsAt + 1
        remaining = isSameWindow ? min(remaining, left) : left
        endsAt = end
    }
}
