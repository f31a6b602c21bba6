import Logging
import ServiceLifecycle
import Telemetry
import UseCases

/// Compares new recordings with those that are there, until the server stops.
struct DuplicateService: Service {
    let watch: DuplicateWatch
    let logger: Logger

    private static let interval = Duration.seconds(2)
    /// Between two steps, so that questions and workers go first.
    private static let breath = Duration.milliseconds(20)

    func run() async throws {
        await cancelWhenGracefulShutdown {
            var isFailing = false
            while !Task.isCancelled {
                var pause = Self.interval
                do {
                    if try await watch.step() { pause = Self.breath }
                    isFailing = false
                } catch {
                    if !isFailing {
                        logger.warning("Recordings cannot be compared", metadata: [LogKeys.error: "\(error)"])
                    }
                    isFailing = true
                }
                try? await Task.sleep(for: pause)  // only cancellation throws here, and it ends the loop
            }
        }
    }
}
