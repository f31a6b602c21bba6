import Domain
import Logging
import Synchronization

/// Sees to it that every track gets its vector of every configured model: when a model is configured for a library that
/// was heard before, when a model changes under its name, and after vectors were deleted.
package final class TextBackfill: Sendable {
    private struct Pass {
        var digest: String
        /// The last track that was looked at; nil when the pass is over.
        var after: Int64? = 0
        /// Looks since it was over.
        var idleLooks = 0
    }

    private let models: [any TextEmbeddingModel]
    private let store: any TextVectorStore
    /// Tasks of the role that wait.
    private let waiting: @Sendable () async throws -> Int
    private let logger: Logger
    private struct State {
        var passes: [String: Pass] = [:]
        /// Tells a pass that ends whether it still counts.
        var restarts = 0
    }

    private let state = Mutex(State())
    /// What was said last of each model, so that it is said once.
    private let said = Mutex<[String: String]>([:])

    /// Tracks that are looked at in one transaction.
    private static let tracksPerStep = 200
    /// Then a pass begins anew, for what slipped through: a process without the setting, say.
    private static let looksBetweenPasses = 240
    /// No more is queued while so many tasks wait.
    private static let queuedMax = 2000

    package init(
        models: [any TextEmbeddingModel], store: any TextVectorStore,
        waiting: @escaping @Sendable () async throws -> Int, logger: Logger
    ) {
        self.models = models
        self.store = store
        self.waiting = waiting
        self.logger = logger
    }

    /// From the first track again, since vectors are gone.
    package func restart() {
        state.withLock { state in
            state.passes = [:]
            state.restarts += 1
        }
    }

    /// One look at every model. Called again and again; a service that is away is asked the next time.
    package func look() async {
        for model in models {
            do {
                try await look(at: model)
                said.withLock { $0[model.name] = nil }
            } catch {
                if Task.isCancelled { return }
                let isNew = said.withLock { $0.updateValue("\(error)", forKey: model.name) != "\(error)" }
                guard isNew else { continue }
                logger.warning(
                    "A text model cannot be used now", metadata: ["model": "\(model.name)", "error": "\(error)"])
            }
        }
    }

    private func look(at model: any TextEmbeddingModel) async throws {
        guard model.pauseSeconds == 0 else { return }
        let digest = try await model.digest()
        let (known, restarts) = state.withLock { ($0.passes[model.name], $0.restarts) }
        var pass = known?.digest == digest ? known ?? Pass(digest: digest) : Pass(digest: digest)
        if pass.after == nil {
            pass.idleLooks += 1
            if pass.idleLooks >= Self.looksBetweenPasses { pass = Pass(digest: digest) }
        }
        if known?.digest != digest { try await store.setCurrent(model: model.name, digest: digest) }
        var queued = 0
        while let after = pass.after, try await waiting() < Self.queuedMax {
            let step = try await store.queueMissing(
                model: model.name, digest: digest, after: after, limit: Self.tracksPerStep)
            pass.after = step.last
            queued += step.queued
        }
        let end = pass
        state.withLock { state in
            if state.restarts == restarts { state.passes[model.name] = end }
        }
        if queued > 0 {
            logger.info(
                "Tracks without a vector of a text model were queued",
                metadata: ["model": "\(model.name)", "count": "\(queued)"])
        }
    }
}
