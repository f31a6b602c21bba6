import Dispatch
import Synchronization

/// Keeps sessions for reuse and bounds their number. Nobody waits for one without end.
final class PostgresPool: Sendable {
    private struct Waiter {
        let id: UInt64
        let continuation: CheckedContinuation<PostgresSession?, Never>
    }

    private struct State {
        /// The most recently used last: what lies idle longest is closed first.
        var idle: [PostgresSession] = []
        var open = 0
        var waiters: [Waiter] = []
        var nextWaiter: UInt64 = 0
        var isClosed = false
        /// Sessions from before this moment are not kept: the server was lost since.
        var trustedSince: ContinuousClock.Instant?
    }

    private enum Grant {
        case session(PostgresSession)
        case wait
        case closed
    }

    private let url: PostgresURL
    private let options: PostgresOptions
    private let state = Mutex(State())
    /// What runs on sessions, and connections that are being closed.
    private let busy = DispatchGroup()

    /// A statement that is being carried out may take as long; beyond it nobody waits for it.
    private static let closeLimit = DispatchTimeInterval.seconds(5)

    init(_ url: PostgresURL, _ options: PostgresOptions) {
        self.url = url
        self.options = options
    }

    deinit { letGo() }

    /// Runs `body` on a session of its own; the session comes back whatever happens.
    func withSession<Result: Sendable>(
        waitingUpTo limit: Duration? = nil, _ body: @Sendable @escaping (PostgresSession) throws -> Result
    ) async throws -> Result {
        let session = try await acquire(limit ?? .seconds(options.acquireSeconds))
        busy.enter()
        let (result, isUsable) = await session.perform { [self] session in
            defer { busy.leave() }
            session.ping()
            let result = Swift.Result { try body(session) }
            if state.withLock({ $0.isClosed }) { session.disconnect() }
            return (result, session.isUsable)
        }
        if case .failure(let error as PostgresError) = result, error.isConnectionLost { distrustOlder() }
        release(session, isUsable: isUsable)
        return try result.get()
    }

    private func acquire(_ limit: Duration) async throws -> PostgresSession {
        let session: PostgresSession? = await withCheckedContinuation { continuation in
            switch grant() {
            case .session(let session): continuation.resume(returning: session)
            case .closed: continuation.resume(returning: nil)
            case .wait: wait(continuation, limit)
            }
        }
        guard let session else {
            throw PostgresError(state: "53300", message: "no connection became free in time")
        }
        return session
    }

    private func grant() -> Grant {
        state.withLock { state in
            if state.isClosed { return .closed }
            while let session = state.idle.popLast() {
                if isFresh(session, state) { return .session(session) }
                state.open -= 1
                close(session)
            }
            guard state.open < options.poolSize + options.overflow else { return .wait }
            state.open += 1
            return .session(PostgresSession(url, options))
        }
    }

    private func wait(_ continuation: CheckedContinuation<PostgresSession?, Never>, _ limit: Duration) {
        let id = state.withLock { state in
            state.nextWaiter += 1
            state.waiters.append(Waiter(id: state.nextWaiter, continuation: continuation))
            return state.nextWaiter
        }
        let milliseconds = Int(limit / .milliseconds(1))
        DispatchQueue.global().asyncAfter(deadline: .now() + .milliseconds(milliseconds)) { [weak self] in
            guard let self else { return }
            let late = state.withLock { state -> Waiter? in
                guard let index = state.waiters.firstIndex(where: { $0.id == id }) else { return nil }
                return state.waiters.remove(at: index)
            }
            late?.continuation.resume(returning: nil)
        }
    }

    private func release(_ session: PostgresSession, isUsable: Bool) {
        let next: (Waiter, PostgresSession)? = state.withLock { state in
            let mayStay = isUsable && isFresh(session, state) && !state.isClosed
            if !state.waiters.isEmpty, !state.isClosed {
                return (state.waiters.removeFirst(), mayStay ? session : PostgresSession(url, options))
            }
            if mayStay, state.idle.count < options.poolSize {
                state.idle.append(session)
            } else {
                state.open -= 1
                close(session)
            }
            return nil
        }
        guard let (waiter, successor) = next else { return }
        if successor !== session { close(session) }
        waiter.continuation.resume(returning: successor)
    }

    private func close(_ session: PostgresSession) {
        busy.enter()
        session.close { [busy] in busy.leave() }
    }

    private func isFresh(_ session: PostgresSession, _ state: State) -> Bool {
        if let trustedSince = state.trustedSince, session.openedAt < trustedSince { return false }
        return ContinuousClock.now - session.openedAt < .seconds(options.recycleSeconds)
    }

    /// One connection was lost: most likely all of them were.
    private func distrustOlder() {
        state.withLock { $0.trustedSince = .now }
    }

    /// Ends all connections. Waits for what runs on them, though not for ever.
    func close() {
        letGo()
        _ = busy.wait(timeout: .now() + Self.closeLimit)
    }

    private func letGo() {
        let (idle, waiters) = state.withLock { state in
            defer { (state.idle, state.waiters, state.isClosed) = ([], [], true) }
            return (state.idle, state.waiters)
        }
        for session in idle { close(session) }
        for waiter in waiters { waiter.continuation.resume(returning: nil) }
    }
}
