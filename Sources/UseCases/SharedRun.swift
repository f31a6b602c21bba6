import Synchronization

/// One action for many callers, one run at a time. Who comes while it runs shares the next run with all others who come
/// until then, for the one that goes on may have read too early. So each call is answered by a run that began after it.
package final class SharedRun: Sendable {
    private struct State {
        var running: Task<Void, any Error>?
        var next: Task<Void, any Error>?
    }

    private let state = Mutex(State())

    package init() {}

    /// Throws what the run threw. A caller that is cancelled waits all the same: the run is others' too.
    ///
    /// - Parameter action: The same at each call.
    package func join(_ action: @escaping @Sendable () async throws -> Void) async throws {
        let task = state.withLock { state in
            if let next = state.next { return next }
            // Awaited below, by everyone who shares it.
            let task = Task { [running = state.running] in try await run(action, after: running) }
            if state.running == nil { state.running = task } else { state.next = task }
            return task
        }
        try await task.value
    }

    private func run(
        _ action: @Sendable () async throws -> Void, after running: Task<Void, any Error>?
    ) async throws {
        if let running {
            _ = await running.result
            state.withLock { ($0.running, $0.next) = ($0.next, nil) }
        }
        defer { state.withLock { if $0.next == nil { $0.running = nil } } }
        try await action()
    }
}
