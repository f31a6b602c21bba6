import Glibc
import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// A socket on loopback that speaks HTTP/1.1, and can close and come back on the same port.
final class HTTPListener: Sendable {
    private typealias Client = NIOAsyncChannel<HTTPServerRequestPart, HTTPServerResponsePart>

    private let answer: @Sendable (Request) async -> Delivery
    private let serving = Mutex<Task<Void, Never>?>(nil)

    init(answer: @escaping @Sendable (Request) async -> Delivery) {
        self.answer = answer
    }

    var isOpen: Bool { serving.withLock { $0 != nil } }

    /// Answers the port. `close` awaits the task that is started here.
    func open(port: Int) async throws -> Int {
        let server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(ChannelOptions.socketOption(.so_reuseaddr), value: 1)
            .serverChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try Self.keepFromChildren(channel) }
            }
            .bind(host: "127.0.0.1", port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try Self.keepFromChildren(channel)
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline()
                    return try Client(wrappingChannelSynchronously: channel)
                }
            }
        let task = Task { await self.serve(server) }
        serving.withLock { $0 = task }
        return server.channel.localAddress?.port ?? port
    }

    /// A program that is started meanwhile (ffmpeg) would hold the socket open after us.
    private static func keepFromChildren(_ channel: any Channel) throws {
        try channel.pipeline.syncOperations.withUnsafeTransportIfAvailable(of: NIOBSDSocket.Handle.self) { socket in
            _ = fcntl(socket, F_SETFD, FD_CLOEXEC)
        }
    }

    /// Nobody listens any more, and nobody who was connected is.
    func close() async {
        let task = serving.withLock { serving in
            defer { serving = nil }
            return serving
        }
        task?.cancel()
        await task?.value
    }

    private func serve(_ server: NIOAsyncChannel<Client, Never>) async {
        try? await server.executeThenClose { clients in  // a listener that is closed has nobody to tell
            await withDiscardingTaskGroup { group in
                do {
                    for try await client in clients {
                        group.addTask { await self.serve(client) }
                    }
                } catch {
                    // Accepting ended; those who are connected are let go below.
                }
                group.cancelAll()
            }
        }
    }

    private func serve(_ client: Client) async {
        try? await client.executeThenClose { incoming, outgoing in  // a client that went away misses nothing
            var parts = incoming.makeAsyncIterator()
            while let request = try await Self.read(&parts) {
                let delivery = await answer(request.whole)
                if case .silence = delivery {
                    while try await parts.next() != nil {}
                    return
                }
                let sender = Sender(channel: client.channel, outgoing: outgoing, isHead: request.whole.method == "HEAD")
                guard try await sender.send(delivery), request.isKeptAlive else { return }
            }
        }
    }

    private struct Incoming {
        let whole: Request
        let isKeptAlive: Bool
    }

    private static func read(
        _ parts: inout NIOAsyncChannelInboundStream<HTTPServerRequestPart>.AsyncIterator
    ) async throws -> Incoming? {
        var head: HTTPRequestHead?
        var body: [UInt8] = []
        while let part = try await parts.next() {
            switch part {
            case .head(let received): head = received
            case .body(let buffer):
                body += buffer.readableBytesView.prefix(max(0, Request.maxBodyBytes - body.count))
            case .end:
                guard let head else { return nil }
                let request = Request(
                    method: head.method.rawValue, target: head.uri,
                    headers: head.headers.map { Request.Header(name: $0.name.lowercased(), value: $0.value) },
                    body: body)
                return Incoming(whole: request, isKeptAlive: head.isKeepAlive)
            }
        }
        return nil
    }
}
