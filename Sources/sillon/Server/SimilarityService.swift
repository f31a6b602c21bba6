import Logging
import ServiceLifecycle
import Telemetry
import UseCases

/// Keeps the vectors in step while nobody asks, so that no question has to wait for many of them, and has the map of the
/// library drawn when they have become many more.
struct SimilarityService: Service {
    let similarity: SimilarTracks
    let map: TrackMap
    let logger: Logger

    private static let interval = Duration.seconds(2)
    private static let recallInterval = Duration.seconds(6 * 3600)

    func run() async throws {
        await cancelWhenGracefulShutdown {
            let start = ContinuousClock.now
            var isFirst = true
            var lastRecall: ContinuousClock.Instant?
            while !Task.isCancelled {
                do {
                    try await similarity.keepUp()
                    if isFirst, let held = similarity.held { report(held, ContinuousClock.now - start) }
                    isFirst = false
                    try await map.look()
                    if lastRecall.map({ .now - $0 > Self.recallInterval }) ?? true, try await similarity.tellRecall() {
                        lastRecall = .now
                    }
                } catch {
                    logger.warning("The vectors cannot be read", metadata: [LogKeys.error: "\(error)"])
                }
                try? await Task.sleep(for: Self.interval)  // only cancellation throws here, and it ends the loop
            }
        }
    }

    private func report(_ count: Int, _ time: Duration) {
        logger.info(
            "The vectors are in memory",
            metadata: [LogKeys.count: "\(count)", LogKeys.durationMs: "\(Int(time / .milliseconds(1)))"])
    }
}
