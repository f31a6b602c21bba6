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

/// SplitMix64: the same numbers for the same seed, for ever.
final class SeededRandom: Sendable {
    private let state: Mutex<UInt64>

    init(seed: UInt64) {
        state = Mutex(seed)
    }

    func next() -> UInt64 {
        state.withLock { state in
            state &+= 0x9e37_79b9_7f4a_7c15
            var word = state
            word = (word ^ (word >> 30)) &* 0xbf58_476d_1ce4_e5b9
            word = (word ^ (word >> 27)) &* 0x94d0_49bb_1331_11eb
            return word ^ (word >> 31)
        }
    }

    func below(_ limit: Int) -> Int { Int(next() % UInt64(limit)) }
    func chance(_ percent: Int) -> Bool { below(100) < percent }
}
