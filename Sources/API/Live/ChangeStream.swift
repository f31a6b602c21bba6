import Hummingbird
import NIOCore
import ServiceLifecycle

/// Server-sent events without content: something has changed, look again.
struct ChangeStream: Sendable {
    let feed: ChangeFeed
    let pace: ScanEventStream.Pace
    let client: ClientPresence

    /// Who takes nothing for so long is disconnected.
    private static let patience = Duration.seconds(60)
    private static let hello = "retry: 2000\n\n"

    /// Writes until the client is gone, its time is over, or the server shuts down.
    func write(to writer: inout any ResponseBodyWriter) async throws {
        let client = client
        let watch = StallWatch(limit: Self.patience) { client.disconnect() }
        defer { watch.end() }
        let end = ContinuousClock.now + pace.life
        var last = await feed.current()
        var silence = Duration.zero
        try await writer.write(ByteBuffer(string: Self.hello))
        while .now < end, !Task.isShuttingDownGracefully {
            try await Task.sleep(for: feed.pause)
            let current = await feed.current()
            silence += feed.pause
            guard current != last || silence >= pace.ping else { continue }
            try await writer.write(ByteBuffer(string: current == last ? ": ping\n\n" : "event: changed\ndata: {}\n\n"))
            (last, silence) = (current, .zero)
            watch.progress()
        }
    }
}
