import Logging
import Persistence
import ServiceLifecycle
import Telemetry

/// Writes once a minute what became of the tasks that this process settled, and a last time when it stops.
struct HistoryService: Service {
    let history: DatabaseHistory
    /// True where the queues are looked at and old hours are folded: beside the housekeeper.
    let isKeeper: Bool
    let logger: Logger

    private static let interval = Duration.seconds(60)

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                try? await Task.sleep(for: Self.interval)  // only cancellation throws, and it ends the loop
                if Task.isCancelled { break }
                await write()
            }
        }
        // The tasks of this process have ended or were handed back by then, or will be missed.
        await trying { try await history.flush() }
    }

    private func write() async {
        await trying {
            if isKeeper { try await history.look() }
            try await history.flush()
            guard isKeeper else { return }
            while try await history.fold() > 0 {}
        }
    }

    private func trying(_ work: () async throws -> Void) async {
        do {
            try await work()
        } catch {
            logger.warning("The history could not be written", metadata: [LogKeys.error: "\(error)"])
        }
    }
}
