import Domain
import Logging
import Synchronization
import Telemetry

/// Sees to it that every track gets its vector of every configured model: when a model is configured for a library that
/// was heard before, when a model changes under its name, and after vectors were deleted.
package final class TextBackfill: Sendable {
    private struct Pass {
        var digest: String
        /// Nil while nobody has seen a vector.
        var dimension: Int?
        /// The last track that was looked at; nil when the pass is over.
        var after: Int64? = 0
        /// Looks since it was over.
        var idleLooks = 0
    }

    private let models: [any TextEmbeddingModel]
    private let store: any TextVectorStore
    private let logger: Logger
    private struct State {
        var passes: [String: Pass] = [:]
        /// Tells a pass that ends whether it still counts.
        var restarts = 0
        /// Where a vector of this process lay when it was last looked at.
        var seen: [String: EmbeddingSpace] = [:]
        /// Looks until tasks of models that are not configured any more are ended.
        var looksToCleaning = 0
        /// Models that were well at the last look: what waited for them was woken.
        var well: Set<String> = []
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
        models: [any TextEmbeddingModel], store: any TextVectorStore, logger: Logger
    ) {
        self.models = models
        self.store = store
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
        await endForsaken()
        for model in models {
            do {
                try await look(at: model)
                said.withLock { $0[model.name] = nil }
            } catch {
                if Task.isCancelled { return }
                let isNew = said.withLock { $0.updateValue("\(error)", forKey: model.name) != "\(error)" }
                guard isNew else { continue }
                logger.warning(
                    "A text model cannot be used now",
                    metadata: [LogKeys.model: "\(model.name)", LogKeys.error: "\(error)"])
            }
        }
    }

    /// Tasks of a model that nobody has any more would wait for ever.
    private func endForsaken() async {
        let isTime = state.withLock { state in
            state.looksToCleaning -= 1
            if state.looksToCleaning > 0 { return false }
            state.looksToCleaning = Self.looksBetweenPasses
            return true
        }
        guard isTime else { return }
        do {
            let count = try await store.endTasks(exceptOf: models.map(\.name))
            guard count > 0 else { return }
            logger.notice(
                "Tasks of models that are not configured any more were ended", metadata: [LogKeys.count: "\(count)"])
        } catch {
            state.withLock { $0.looksToCleaning = 0 }
            logger.warning("Tasks without a model cannot be ended now", metadata: [LogKeys.error: "\(error)"])
        }
    }

    private func look(at model: any TextEmbeddingModel) async throws {
        let wasWell = state.withLock { $0.well.remove(model.name) != nil }
        guard model.pauseSeconds == 0 else { return }
        let digest = try await model.digest()
        try await wake(model, wasWell: wasWell)
        let (known, restarts) = state.withLock { ($0.passes[model.name], $0.restarts) }
        var pass = known?.digest == digest ? known ?? Pass(digest: digest) : Pass(digest: digest)
        if pass.after == nil {
            pass.idleLooks += 1
            if pass.idleLooks >= Self.looksBetweenPasses { pass = Pass(digest: digest) }
        }
        let dimension = try await store.setCurrent(
            model: model.name, digest: digest, dimension: try await seenDimension(model, digest, pass))
        if let before = pass.dimension, before != dimension { pass = Pass(digest: digest) }
        pass.dimension = dimension
        var queued = 0
        while let after = pass.after,
            try await store.waitingTasks(of: model.name, limit: Self.queuedMax) < Self.queuedMax
        {
            let step = try await store.queueMissing(
                model: model.name, digest: digest, dimension: dimension, after: after, limit: Self.tracksPerStep)
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
                metadata: [LogKeys.model: "\(model.name)", LogKeys.count: "\(queued)"])
        }
    }

    /// What waits, perhaps for hours, has no reason to any more.
    private func wake(_ model: any TextEmbeddingModel, wasWell: Bool) async throws {
        // That it tells of itself does not mean that it works.
        guard [.ready, .unknown].contains(model.health.state) else { return }
        if !wasWell {
            let count = try await store.wakeTasks(of: model.name)
            if count > 0 {
                logger.info(
                    "Tasks that waited for a text model go on",
                    metadata: [LogKeys.model: "\(model.name)", LogKeys.count: "\(count)"])
            }
        }
        state.withLock { _ = $0.well.insert(model.name) }
    }

    /// What the model answers now, where that is news; nil when the stored vectors know as much.
    private func seenDimension(_ model: any TextEmbeddingModel, _ digest: String, _ pass: Pass) async throws -> Int? {
        // Nothing but a vector tells a model without a digest from the one before it.
        if digest.isEmpty, pass.after == 0, pass.dimension == nil {
            _ = try await model.embed(Self.probe, as: .query, within: Self.probeLimit)
        }
        guard let space = model.health.space, space.digest == digest else { return nil }
        return state.withLock { state in
            state.seen.updateValue(space, forKey: model.name) == space ? nil : space.dimension
        }
    }

    private static let probe = "music"
    private static let probeLimit = Duration.seconds(60)
}
