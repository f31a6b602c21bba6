import Logging
import ServiceLifecycle
import Telemetry
import UseCases

/// Compares new recordings with those that are there, until the server stops.
struct DuplicateService: Service {
    let watch: DuplicateWatch
    let logger: Logger

    private static let interval = Duration.seconds(2)
    /// Between two steps, so that questions and workers go first: so many times as long as the step took, and no less.
    private static let restShare = 3
    private static let shortestRest = Duration.milliseconds(20)

    func run() async throws {
        await cancelWhenGracefulShutdown {
            var isFailing = false
            var pause = Self.interval
            while !Task.isCancelled {
                try? await Task.sleep(for: pause)  // only cancellation throws here, and it ends the loop
                let start = ContinuousClock.now
                pause = Self.interval
                do {
                    if try await watch.step() {
                        pause = max(Self.shortestRest, start.duration(to: .now) * Self.restShare)
                    }
                    isFailing = false
                } catch {
                    if !isFailing {
                        logger.warning("Recordings cannot be compared", metadata: [LogKeys.error: "\(error)"])
                    }
                    isFailing = true
                }
            }
        }
    }
}
