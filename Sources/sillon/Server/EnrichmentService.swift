import ServiceLifecycle
import UseCases

/// Looks now and then for what services outside were not asked about yet, until the server stops.
struct EnrichmentService: Service {
    let backfill: EnrichmentBackfill

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
