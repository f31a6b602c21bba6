import UseCases

/// Counts failed sign-ins by peer in token buckets: a few at once, then one in a while. A pure value.
struct SignInLimiter: Sendable {
    /// Failures that a peer may make at once.
    static let burst = 10.0
    /// One more after each of these, in seconds.
    static let secondsPerFailure = 6.0
    /// More peers than this are not told apart: the fullest bucket is dropped.
    static let maxPeers = 1024

    private struct Bucket {
        var left: Double
        /// Microseconds since the epoch.
        var at: Int64
    }

    private var buckets: [String: Bucket] = [:]

    /// Seconds until the peer may try again; nil when it may now.
    func wait(for peer: String, now: Int64) -> Double? {
        guard let bucket = buckets[peer] else { return nil }
        let left = SignInLimiter.left(in: bucket, now: now)
        return left >= 1 ? nil : (1 - left) * SignInLimiter.secondsPerFailure
    }

    mutating func recordFailure(of peer: String, now: Int64) {
        let left = buckets[peer].map { SignInLimiter.left(in: $0, now: now) } ?? SignInLimiter.burst
        if buckets[peer] == nil { makeRoom(now: now) }
        buckets[peer] = Bucket(left: max(0, left - 1), at: now)
    }

    /// What was charged in advance was no failure.
    mutating func forgive(_ peer: String, now: Int64) {
        guard let bucket = buckets[peer] else { return }
        let left = SignInLimiter.left(in: bucket, now: now)
        buckets[peer] = Bucket(left: min(SignInLimiter.burst, left + 1), at: max(now, bucket.at))
    }

    /// First the peers whose buckets are full again, then the one that comes next.
    private mutating func makeRoom(now: Int64) {
        guard buckets.count >= SignInLimiter.maxPeers else { return }
        buckets = buckets.filter { SignInLimiter.left(in: $0.value, now: now) < SignInLimiter.burst }
        guard buckets.count >= SignInLimiter.maxPeers else { return }
        let fullest = buckets.max {
            SignInLimiter.left(in: $0.value, now: now) < SignInLimiter.left(in: $1.value, now: now)
        }
        if let fullest { buckets[fullest.key] = nil }
    }

    /// A clock that goes backwards refills nothing.
    private static func left(in bucket: Bucket, now: Int64) -> Double {
        let seconds = max(0, Double(now) - Double(bucket.at)) / 1_000_000
        return min(burst, bucket.left + seconds / secondsPerFailure)
    }

    var peerCount: Int { buckets.count }
}
