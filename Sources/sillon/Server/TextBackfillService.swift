import ServiceLifecycle
import UseCases

/// Looks at the models for words now and then, until the server stops.
struct TextBackfillService: Service {
    let backfill: TextBackfill

    private static let interval = Duration.seconds(15)

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                await backfill.look()
                try? await Task.sleep(for: Self.interval)  // only cancellation throws, and the loop looks at it
            }
        }
    }
}
