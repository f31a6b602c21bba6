/// How long to wait before another try: doubling from `first` to `longest`, never less than the server asked for, half
/// of it by chance so that a fleet does not come back all at once.
struct Backoff: Hashable, Sendable {
    var first = Duration.milliseconds(200)
    var longest = Duration.seconds(10)

    /// - Parameters:
    ///   - failures: tries that failed so far, 1 or more.
    ///   - asked: seconds that the server asked for.
    ///   - unit: a random number in 0..<1.
    func pause(failures: Int, asked: Double?, unit: Double) -> Duration {
        let doubled = first * (1 << min(max(failures - 1, 0), 16))
        let own = min(doubled, longest)
        let pause = own / 2 + own / 2 * unit
        guard let asked, asked.isFinite else { return pause }
        return max(pause, .seconds(min(max(asked, 0), Self.askedSecondsMax)))
    }

    /// A server that asks for more is not obeyed.
    private static let askedSecondsMax: Double = 300
}
