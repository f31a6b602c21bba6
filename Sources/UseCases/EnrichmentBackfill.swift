import Domain
import Logging
import Synchronization
import Telemetry

/// Sees to it that services outside are asked about every album and artist once: those that a scan has found, and all of
/// them when a source was set up.
package final class EnrichmentBackfill: Sendable {
    /// What still has to be looked at, by kind.
    private struct Pass {
        var after: Int64 = 0
        /// Looks since it came to the end.
        var idleLooks = 0
    }

    private let kinds: [OutsideSubject.Kind]
    private let store: any EnrichmentStore
    /// True while files are being indexed: an album is asked about when it is whole.
    private let isIndexing: @Sendable () async throws -> Bool
    /// Tasks of the role that wait.
    private let waiting: @Sendable () async throws -> Int
    private let logger: Logger
    private let passes = Mutex<[OutsideSubject.Kind: Pass]>([:])

    private static let perStep = 100
    /// No more is queued while so many tasks wait.
    private static let queuedMax = 500
    /// Then a pass begins anew, for what slipped through.
    private static let looksBetweenPasses = 240

    /// - Parameter kinds: of which a source knows something.
    package init(
        kinds: Set<OutsideSubject.Kind>, store: any EnrichmentStore,
        isIndexing: @escaping @Sendable () async throws -> Bool,
        waiting: @escaping @Sendable () async throws -> Int, logger: Logger
    ) {
        // Tracks are too many: they are asked about when somebody opens one.
        self.kinds = [.artist, .album].filter(kinds.contains)
        self.store = store
        self.isIndexing = isIndexing
        self.waiting = waiting
        self.logger = logger
    }

    /// Called again and again.
    package func look() async {
        do {
            if kinds.isEmpty { return }
            guard try await !isIndexing() else { return }
            for kind in kinds { try await look(at: kind) }
        } catch {
            if Task.isCancelled { return }
            logger.warning("Asking services outside could not be queued", metadata: [LogKeys.error: "\(error)"])
        }
    }

    private func look(at kind: OutsideSubject.Kind) async throws {
        var pass = passes.withLock { $0[kind] ?? Pass() }
        pass.idleLooks += 1
        if pass.idleLooks >= Self.looksBetweenPasses { pass = Pass() }
        var queued = 0
        // New ones have higher numbers, so that the end of a pass is where the next look goes on.
        while try await waiting() < Self.queuedMax {
            let step = try await store.queueMissing(kind, after: pass.after, limit: Self.perStep)
            queued += step.queued
            guard let last = step.last else { break }
            pass.after = last
        }
        let end = pass
        passes.withLock { $0[kind] = end }
        if queued > 0 {
            logger.info(
                "Services outside are to be asked about what they were not asked about yet",
                metadata: [LogKeys.kind: "\(kind.rawValue)", LogKeys.count: "\(queued)"])
        }
    }
}
