import Domain
import Logging
import Synchronization
import Telemetry

/// Sees to it that a picture is looked for once for every album whose files hold none, and again after a month.
package final class ArtworkBackfill: Sendable {
    private let store: any ArtworkStore
    /// Tasks of the role that wait.
    private let waiting: @Sendable () async throws -> Int
    private let clock: MicrosecondClock
    private let logger: Logger
    /// The last album that was looked at.
    private let place = Mutex<Int64>(0)

    private static let albumsPerStep = 100
    /// No more is queued while so many tasks wait.
    private static let queuedMax = 1000
    /// That nobody has a picture is believed for so long.
    package static let absenceMicroseconds: Int64 = 30 * 24 * 3600 * 1_000_000

    package init(
        store: any ArtworkStore, waiting: @escaping @Sendable () async throws -> Int,
        clock: @escaping MicrosecondClock, logger: Logger
    ) {
        self.store = store
        self.waiting = waiting
        self.clock = clock
        self.logger = logger
    }

    /// One look at what is missing. Called again and again.
    package func look() async {
        do {
            var queued = 0
            while try await waiting() < Self.queuedMax {
                let step = try await store.queueMissing(
                    after: place.withLock(\.self), since: clock() - Self.absenceMicroseconds,
                    limit: Self.albumsPerStep)
                queued += step.queued
                place.withLock { $0 = step.last ?? 0 }
                if step.last == nil { break }
            }
            if queued > 0 {
                logger.info("Pictures of albums are looked for", metadata: [LogKeys.count: "\(queued)"])
            }
        } catch {
            if Task.isCancelled { return }
            logger.warning("Albums without a picture cannot be looked for", metadata: [LogKeys.error: "\(error)"])
        }
    }
}
