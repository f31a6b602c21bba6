import Domain
import Persistence
import Synchronization

/// The two clocks of the queue, moved by hand.
final class FakeTime: Sendable {
    private struct State {
        var wall: Int64 = 1_700_000_000_000_000
        var lease: Int64 = 1_000_000_000
        var bootID = "first boot"
    }

    private let state = Mutex(State())

    var wall: Int64 { state.withLock { $0.wall } }

    /// Time goes by.
    func advance(seconds: Double) {
        state.withLock { state in
            state.wall += Int64(seconds * 1_000_000)
            state.lease += Int64(seconds * 1_000_000)
        }
    }

    /// Somebody sets the time of day.
    func jump(seconds: Double) {
        state.withLock { $0.wall += Int64(seconds * 1_000_000) }
    }

    var clock: @Sendable () -> Int64 { { self.wall } }
    var leaseClock: LeaseClock { LeaseClock(bootID: "first boot") { self.state.withLock { $0.lease } } }
}

/// A generator that several may ask.
final class SeededRandom: Sendable {
    private let generator: Mutex<SplitMix64>

    init(seed: UInt64) {
        generator = Mutex(SplitMix64(seed: seed))
    }

    func next() -> UInt64 { generator.withLock { $0.next() } }

    func below(_ limit: Int) -> Int { Int(next() % UInt64(limit)) }
    func chance(_ percent: Int) -> Bool { below(100) < percent }
}
