import ServiceLifecycle
import UseCases

/// Lets library roots be kept up to date until the server stops.
struct RootKeeperService: Service {
    let keeper: RootKeeper

    func run() async throws {
        await cancelWhenGracefulShutdown { await keeper.run() }
    }
}
