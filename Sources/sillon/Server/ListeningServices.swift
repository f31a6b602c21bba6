import Domain
import Integrations
import Logging
import Persistence
import ServiceLifecycle
import Telemetry
import UseCases

/// The services that are told of listens. Last.fm is there where this server has a key for it.
struct ListeningServices: Sendable {
    typealias Target = ScrobbleTarget & ListenHistory

    let targets: [any Target]
    let signIns: [any ServiceSignIn]

    init(_ outside: OutsideServices, site: ServiceAddress) {
        let lastFM = outside.settings[.lastfm].key.flatMap { key in
            outside.caller(.lastfm).map {
                LastFM(caller: $0, key: key, secret: outside.settings[.lastfm].secret, site: site.url, language: nil)
            }
        }
        let brainz = outside.caller(.listenbrainz).map {
            ListenBrainz(caller: $0, labs: $0, token: nil, clock: outside.clock)
        }
        let all: [(any Target & ServiceSignIn)?] = [lastFM, brainz]
        targets = all.compactMap { $0 }
        let napster: (any ServiceSignIn)? = MetadataSourceSet.napster(outside)
        signIns = all.compactMap { $0 } + [napster].compactMap { $0 }
    }
}

/// Tells services what plays now; after a start, and now and then, sees to outboxes that have listens and no task, and
/// renews what opens accounts before it ends.
struct ListeningService: Service {
    let nowPlaying: NowPlaying
    let outboxes: DatabaseServiceConnections
    let connections: ServiceConnections
    let logger: Logger

    private static let interval = Duration.seconds(600)

    func run() async throws {
        await cancelWhenGracefulShutdown {
            await withTaskGroup(of: Void.self) { group in
                group.addTask { await nowPlaying.run() }
                group.addTask { await lookAfter() }
            }
        }
    }

    private func lookAfter() async {
        while !Task.isCancelled {
            do {
                try await outboxes.wake()
                for problem in try await connections.renew() {
                    logger.warning("A connection could not be renewed", metadata: [LogKeys.error: "\(problem)"])
                }
            } catch {
                logger.warning("Looking after connections failed", metadata: [LogKeys.error: "\(error)"])
            }
            try? await Task.sleep(for: Self.interval)  // only cancellation throws, and the loop looks at it
        }
    }
}
