import Domain
import Integrations
import StandIns
import Synchronization
import UseCases

/// One time for queue, breakers, callers and the services themselves, moved by hand and by whoever sleeps.
final class OutsideTime: Sendable {
    private struct State {
        var seconds: Double
        var slept: [Double] = []
    }

    private let state: Mutex<State>

    /// - Parameter start: seconds since 1970.
    init(start: Double) {
        state = Mutex(State(seconds: start))
    }

    var seconds: Double { state.withLock { $0.seconds } }
    var slept: [Double] { state.withLock { $0.slept } }

    func advance(_ seconds: Double) { state.withLock { $0.seconds += seconds } }

    var microseconds: MicrosecondClock { { Int64(self.seconds * 1_000_000) } }

    var surroundings: Surroundings { Surroundings(now: { self.seconds }, random: Surroundings.real.random) }

    /// - Parameter limit: comes back when a request has had its time.
    func clock(limit: @escaping @Sendable (Duration) async throws -> Void) -> ServiceClock {
        ServiceClock(
            now: { self.seconds },
            sleep: { seconds in
                try Task.checkCancellation()
                self.state.withLock { state in
                    state.seconds += seconds
                    state.slept.append(seconds)
                }
            }, unit: { 0.5 }, limit: limit)
    }
}
