import ServiceLifecycle
import UseCases

/// Looks for albums without a picture now and then, until the server stops.
struct ArtworkBackfillService: Service {
    let backfill: ArtworkBackfill

    /// Soon after a scan has ended; a look that finds nothing reads one index.
    private static let interval = Duration.seconds(5)

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                await backfill.look()
                try? await Task.sleep(for: Self.interval)  // only cancellation throws, and the loop looks at it
            }
        }
    }
}
