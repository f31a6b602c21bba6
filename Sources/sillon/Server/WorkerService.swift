import ServiceLifecycle
import UseCases

/// A worker as a member of the service group: a graceful stop lets its tasks end.
struct WorkerService: Service {
    let worker: Worker

    func run() async throws {
        try await withGracefulShutdownHandler {
            try await worker.run()
        } onGracefulShutdown: {
            worker.stop()
        }
    }
}
