import Logging
import ServiceLifecycle
import Telemetry
import UseCases

/// Makes playlists of the playlist files that scans met, until the server stops.
struct PlaylistImportService: Service {
    let playlists: PlaylistImport
    let logger: Logger

    private static let interval = Duration.seconds(2)
    /// Between two steps while there are more.
    private static let rest = Duration.milliseconds(50)

    func run() async throws {
        await cancelWhenGracefulShutdown {
            var isFailing = false
            var pause = Self.interval
            while !Task.isCancelled {
                try? await Task.sleep(for: pause)  // only cancellation throws here, and it ends the loop
                pause = Self.interval
                do {
                    if try await playlists.step() { pause = Self.rest }
                    isFailing = false
                } catch {
                    if !isFailing, !Task.isCancelled {
                        logger.warning("Playlist files cannot be imported", metadata: [LogKeys.error: "\(error)"])
                    }
                    isFailing = true
                }
            }
        }
    }
}
