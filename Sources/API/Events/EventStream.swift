import Domain
import Hummingbird
import NIOCore
import ServiceLifecycle
import UseCases

/// The events as one client gets them: first what it missed, from the database, then what happens.
struct EventStream: Sendable {
    let feed: EventFeed
    let store: any AnnouncementStore
    let isAdmin: Bool
    /// The number of the last event that the client saw; nil for one that begins now.
    let after: Int64?
    /// Who takes nothing for so long is disconnected.
    let patience: Duration
    let client: ClientPresence

    private static let pageSize = 200
    /// Milliseconds after which a browser comes back.
    private static let greeting = ByteBuffer(string: "retry: 2000\n\n")
    private static let ping = ByteBuffer(string: ": ping\n\n")

    /// Writes until the client is gone or let go, or the server shuts down.
    func write(to writer: inout any ResponseBodyWriter) async throws {
        let subscription = try await feed.subscribe(isAdmin: isAdmin)
        defer { feed.leave(subscription) }
        let watch = StallWatch(limit: patience) { client.disconnect() }
        defer { watch.end() }
        try await writer.write(Self.greeting)
        let seen = try await catchUp(to: subscription.position, &writer, watch)
        try await withGracefulShutdownHandler {
            for await item in subscription.items {
                switch item {
                case .event(let number, let text) where number > seen: try await writer.write(text)
                case .event: continue
                case .ping: try await writer.write(Self.ping)
                }
                watch.progress()
            }
        } onGracefulShutdown: {
            subscription.end()
        }
    }

    /// Writes what came after the last one that the client saw; answers up to which number all is written.
    private func catchUp(
        to position: Int64, _ writer: inout any ResponseBodyWriter, _ watch: StallWatch
    ) async throws -> Int64 {
        guard var last = after else { return position }
        // A number that was never given is of another database; one that is ahead of the feed was seen elsewhere.
        guard last < position else { return try await last <= store.newest() ? last : position }
        while last < position {
            let missed = try await store.announcements(after: last, limit: Self.pageSize).filter {
                $0.number <= position
            }
            guard let end = missed.last else { break }
            for event in missed where isAdmin || !event.topic.isForAdmins {
                try await writer.write(event.event)
                watch.progress()
            }
            last = end.number
        }
        return position
    }
}
