import Synchronization
import Testing
import UseCases

@Suite struct SharedRunTests {
    private struct Refused: Error {}

    /// What happened, in its order.
    private final class History: Sendable {
        private struct Run {
            let begin: Int
            var end = Int.max
        }

        private let state = Mutex((time: 0, runs: [Run]()))

        func tick() -> Int {
            state.withLock { state in
                state.time += 1
                return state.time
            }
        }

        func begin() -> Int {
            let time = tick()
            return state.withLock { state in
                #expect(state.runs.allSatisfy { $0.end < Int.max }, "two runs at once")
                state.runs.append(Run(begin: time))
                return state.runs.count - 1
            }
        }

        func end(_ run: Int) {
            let time = tick()
            state.withLock { $0.runs[run].end = time }
        }

        var runs: Int { state.withLock { $0.runs.count } }

        func isAnswered(between call: Int, and answer: Int) -> Bool {
            state.withLock { $0.runs.contains { $0.begin > call && $0.end < answer } }
        }
    }

    @Test("Every caller is answered by a whole run that began after its call, and runs are shared")
    func shared() async throws {
        let (history, shared) = (History(), SharedRun())
        let callers = 300
        try await withThrowingTaskGroup(of: Bool.self) { group in
            for _ in 0..<callers {
                group.addTask {
                    let call = history.tick()
                    try await shared.join {
                        let run = history.begin()
                        for _ in 0..<20 { await Task.yield() }
                        history.end(run)
                    }
                    return history.isAnswered(between: call, and: history.tick())
                }
            }
            for try await isAnswered in group { #expect(isAnswered) }
        }
        #expect((1..<callers).contains(history.runs))
    }

    @Test("A run that fails fails for those who share it, and the next call runs again")
    func failing() async throws {
        let (history, shared) = (History(), SharedRun())
        await #expect(throws: Refused.self) { try await shared.join { throw Refused() } }
        try await shared.join { history.end(history.begin()) }
        try await shared.join { history.end(history.begin()) }
        #expect(history.runs == 2)
    }
}
