import Synchronization
import TestSupport

/// Asks a server the same small questions all the time, and remembers what went wrong.
final class Pulse: Sendable {
    struct Report: Sendable {
        var questions = 0
        var problems: [String] = []
        var slowest = Duration.zero
    }

    private let report = Mutex(Report())
    private let api: Client

    init(_ api: Client) {
        self.api = api
    }

    /// Asks as long as `body` runs.
    func during<Value: Sendable>(_ body: @Sendable () async throws -> Value) async throws -> (Value, Report) {
        let asking = Task { await beat() }
        defer { asking.cancel() }
        let value = try await body()
        asking.cancel()
        await asking.value
        return (value, report.withLock { $0 })
    }

    private func beat() async {
        let questions = ["/healthz", "/v1/library", "/v1/tracks?limit=5", "/readyz", "/v1/search?q=odd"]
        var number = 0
        while !Task.isCancelled {
            let question = questions[number % questions.count]
            number += 1
            let start = ContinuousClock.now
            do {
                let status = try await api.send(.get, question).status
                if status != 200 { note("\(question): \(status)") }
            } catch {
                if !Task.isCancelled { note("\(question): \(error)") }
            }
            let took = ContinuousClock.now - start
            report.withLock {
                $0.questions += 1
                if !Task.isCancelled { $0.slowest = max($0.slowest, took) }
            }
            try? await Task.sleep(for: .milliseconds(50))  // only cancellation throws here, and it ends the loop
        }
    }

    private func note(_ problem: String) {
        report.withLock { $0.problems.append(problem) }
    }
}
