import HTTPTypes
import Synchronization

/// Ends the wait for work that takes too long, such as a question to a database that hangs.
///
/// Such work is cancelled, and goes on in the background until it notices; so that it cannot pile up, new work is
/// refused at once while too much of it is left.
final class Deadline: Sendable {
    private let maxOverdue: Int
    private let overdue = Mutex(0)

    init(maxOverdue: Int) {
        self.maxOverdue = maxOverdue
    }

    /// Throws a `Problem` (503) when `work` has not ended within `limit`.
    func run<Value: Sendable>(
        within limit: Duration, _ work: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        guard overdue.withLock({ $0 < maxOverdue }) else { throw Self.tooLate }
        let race = Race<Value>()
        // Awaited by the race, or counted as overdue until it ends.
        let worker = Task {
            let result: Result<Value, any Error>
            do {
                result = .success(try await work())
            } catch {
                result = .failure(error)
            }
            if !race.end(result) { overdue.withLock { $0 -= 1 } }
        }
        // Cancelled as soon as the race has ended.
        let timer = Task {
            guard (try? await Task.sleep(for: limit)) != nil else { return }  // cancelled: the work was in time
            // Counted first: the work may end at any moment.
            overdue.withLock { $0 += 1 }
            if race.end(.failure(Self.tooLate)) { worker.cancel() } else { overdue.withLock { $0 -= 1 } }
        }
        defer { timer.cancel() }
        return try await withTaskCancellationHandler {
            try await race.value
        } onCancel: {
            worker.cancel()
        }
    }

    private static let tooLate = Problem.tryLater(
        .serviceUnavailable, "the database does not answer in time; try again", seconds: retrySeconds)
    /// What is told to clients; a database that was restarted is back by then.
    private static let retrySeconds = 5.0
}

/// The first of several results.
private final class Race<Value: Sendable>: Sendable {
    private enum State {
        case open
        case awaited(CheckedContinuation<Value, any Error>)
        case ended(Result<Value, any Error>)
    }

    private let state = Mutex(State.open)

    /// False when another result came first.
    func end(_ result: Result<Value, any Error>) -> Bool {
        let (isFirst, waiter) = state.withLock { state -> (Bool, CheckedContinuation<Value, any Error>?) in
            defer { if case .ended = state {} else { state = .ended(result) } }
            switch state {
            case .open: return (true, nil)
            case .awaited(let waiter): return (true, waiter)
            case .ended: return (false, nil)
            }
        }
        waiter?.resume(with: result)
        return isFirst
    }

    /// Asked for once.
    var value: Value {
        get async throws {
            try await withCheckedThrowingContinuation { continuation in
                let result = state.withLock { state -> Result<Value, any Error>? in
                    if case .ended(let result) = state { return result }
                    state = .awaited(continuation)
                    return nil
                }
                if let result { continuation.resume(with: result) }
            }
        }
    }
}
