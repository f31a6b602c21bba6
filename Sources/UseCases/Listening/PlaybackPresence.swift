import Synchronization

/// Whether somebody listens right now: work that can wait takes less of the device meanwhile.
package final class PlaybackPresence: Sendable {
    /// Work goes on as before when nobody has listened for so long. A player fetches some seconds ahead, and between two
    /// tracks there is a pause.
    package static let linger = Duration.seconds(30)
    /// Another process on this device is looked for, and told, no more often than this.
    package static let signPause = Duration.seconds(5)

    private struct State {
        var heardAt: ContinuousClock.Instant?
        var signedAt: ContinuousClock.Instant?
        var lookedAt: ContinuousClock.Instant?
    }

    private let state = Mutex(State())
    private let sign: (any PlaybackSign)?
    private let now: @Sendable () -> ContinuousClock.Instant

    /// - Parameter sign: Nil where no other process works on this device.
    package init(
        sign: (any PlaybackSign)? = nil, now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }
    ) {
        self.sign = sign
        self.now = now
    }

    /// A player took something, or said that it plays.
    package func note() {
        let now = now()
        let isDue = state.withLock { state in
            state.heardAt = now
            guard sign != nil, state.signedAt.map({ now - $0 >= Self.signPause }) ?? true else { return false }
            state.signedAt = now
            return true
        }
        if isDue { sign?.leave() }
    }

    /// How long work should step back at least, from now on; nil while nobody listens.
    package func pause() -> Duration? {
        let now = now()
        let isDue = state.withLock { state in
            guard sign != nil, state.lookedAt.map({ now - $0 >= Self.signPause }) ?? true else { return false }
            state.lookedAt = now
            return true
        }
        let elsewhere = isDue ? sign?.age() : nil
        return state.withLock { state in
            if let elsewhere { state.heardAt = max(state.heardAt ?? now - elsewhere, now - elsewhere) }
            guard let heardAt = state.heardAt, now - heardAt < Self.linger else { return nil }
            return min(Self.linger - (now - heardAt), Self.signPause)
        }
    }
}

/// A mark that processes on one device leave for each other while somebody listens.
package protocol PlaybackSign: Sendable {
    func leave()
    /// Nil when there is none.
    func age() -> Duration?
}
