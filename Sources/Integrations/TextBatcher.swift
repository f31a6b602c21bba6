import Domain
import Synchronization

/// Puts texts that come within a short time of each other into one request.
final class TextBatcher: Sendable {
    typealias Send = @Sendable ([String]) async throws -> [TextEmbedding]

    private struct Waiter {
        let text: String
        let continuation: CheckedContinuation<TextEmbedding, any Error>
    }

    private struct Batch {
        var waiters: [(id: Int, waiter: Waiter)] = []
        var task: Task<Void, Never>?
    }

    private struct State {
        var nextID = 0
        /// The batch that still takes texts.
        var open: Int?
        var batches: [Int: Batch] = [:]
    }

    private let textsMax: Int
    private let send: Send
    private let state = Mutex(State())

    private let gathering: Duration

    init(textsMax: Int, gathering: Duration, send: @escaping Send) {
        self.textsMax = textsMax
        self.gathering = gathering
        self.send = send
    }

    func embed(_ text: String) async throws -> TextEmbedding {
        let id = state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                if !join(id, Waiter(text: text, continuation: continuation)) {
                    continuation.resume(throwing: CancellationError())
                }
            }
        } onCancel: {
            leave(id)
        }
    }

    /// False for a caller that was cancelled before: `leave` has found nothing to take out.
    private func join(_ id: Int, _ waiter: Waiter) -> Bool {
        state.withLock { state in
            guard !Task.isCancelled else { return false }
            let number = state.open ?? id
            var batch = state.batches[number] ?? Batch()
            batch.waiters.append((id, waiter))
            // Awaited by the continuations of its waiters; cancelled when none of them is left.
            if batch.task == nil { batch.task = Task { await self.run(number) } }
            state.open = batch.waiters.count < textsMax ? number : nil
            state.batches[number] = batch
            return true
        }
    }

    private func leave(_ id: Int) {
        let waiter: Waiter? = state.withLock { state in
            for (number, batch) in state.batches {
                guard let place = batch.waiters.firstIndex(where: { $0.id == id }) else { continue }
                let waiter = state.batches[number]?.waiters.remove(at: place).waiter
                if batch.waiters.count == 1 {
                    batch.task?.cancel()
                    state.batches[number] = nil
                    if state.open == number { state.open = nil }
                }
                return waiter
            }
            return nil
        }
        waiter?.continuation.resume(throwing: CancellationError())
    }

    private func run(_ number: Int) async {
        try? await Task.sleep(for: gathering)  // only cancellation throws, and then nobody waits any more
        let waiters = state.withLock { state in
            if state.open == number { state.open = nil }
            return state.batches[number]?.waiters ?? []
        }
        guard !waiters.isEmpty else { return }
        let results = await embed(waiters.map(\.waiter.text))
        // Who left meanwhile has been answered.
        let left = state.withLock { $0.batches.removeValue(forKey: number)?.waiters ?? [] }
        let byID = Dictionary(uniqueKeysWithValues: zip(waiters.map(\.id), results))
        for (id, waiter) in left {
            guard let result = byID[id] else { preconditionFailure("a closed batch takes no texts") }
            waiter.continuation.resume(with: result)
        }
    }

    /// One text that is refused must not take the others with it.
    private func embed(_ texts: [String]) async -> [Result<TextEmbedding, any Error>] {
        do {
            return try await send(texts).map { .success($0) }
        } catch let failure as Failure where failure.reason == .serviceRefused && texts.count > 1 {
            var results: [Result<TextEmbedding, any Error>] = []
            for text in texts { results += await embed([text]) }
            return results
        } catch {
            return texts.map { _ in .failure(error) }
        }
    }
}
