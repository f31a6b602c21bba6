/// Tells whether the database has changed, by one look at its counter now and then, however many ask.
///
/// Nothing is remembered here: who hears of a change reads the database, so that a restart forgets nothing and a slow
/// listener misses only what has been followed by something newer.
package actor ChangeFeed {
    private let counter: @Sendable () async throws -> Int64
    /// Between two looks.
    nonisolated let pause: Duration
    private var last: Int64 = 0
    private var lastLook: ContinuousClock.Instant?
    private var look: Task<Void, Never>?

    /// - Parameter counter: another number after every commit, whoever made it.
    package init(pause: Duration = .milliseconds(500), counter: @escaping @Sendable () async throws -> Int64) {
        self.counter = counter
        self.pause = pause
    }

    /// The counter as it was a `pause` ago at most. A database that does not answer has no news.
    func current() async -> Int64 {
        if let lastLook, .now < lastLook + pause { return last }
        let look = look ?? Task { await self.lookAgain() }
        self.look = look
        await look.value
        return last
    }

    private func lookAgain() async {
        if let counter = try? await counter() { last = counter }  // its pages say themselves that it does not answer
        lastLook = .now
        look = nil
    }
}
