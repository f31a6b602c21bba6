import NIOCore
import NIOPosix
import Synchronization

/// Passes bytes on to a server, and cuts connections when it is told to.
final class FaultyProxy: Sendable {
    private struct State {
        /// How many more bytes of answers pass before the next cuts, in order.
        var cuts: [Int] = []
        var answered = 0
        var connections = 0
    }

    private let state = Mutex(State())
    private let listener: any Channel

    var port: Int { listener.localAddress?.port ?? 0 }
    /// Bytes of answers that were passed on.
    var answered: Int { state.withLock { $0.answered } }
    var connections: Int { state.withLock { $0.connections } }

    init(to port: Int) async throws {
        let hub = Hub()
        listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelOption(ChannelOptions.autoRead, value: false)
            .childChannelInitializer { client in hub.accept(client, port) }
            .bind(host: "127.0.0.1", port: 0).get()
        hub.proxy.withLock { $0 = self }
    }

    func close() async throws {
        try await listener.close()
    }

    /// The next answer is cut off after so many bytes, the one after that after the next number, and so on.
    func cut(after bytes: [Int]) {
        state.withLock { $0.cuts = bytes }
    }

    fileprivate func connected() { state.withLock { $0.connections += 1 } }

    /// How many of the bytes may pass; fewer than offered means: and then cut.
    fileprivate func pass(_ count: Int) -> Int {
        state.withLock { state in
            var passed = count
            if let left = state.cuts.first {
                passed = min(count, left)
                if passed < count { state.cuts.removeFirst() } else { state.cuts[0] -= passed }
            }
            state.answered += passed
            return passed
        }
    }

    /// Connects both sides of each connection.
    private final class Hub: Sendable {
        // The proxy outlives its connections in every test.
        let proxy = Mutex<FaultyProxy?>(nil)

        func accept(_ client: any Channel, _ port: Int) -> EventLoopFuture<Void> {
            let proxy = proxy.withLock { $0 }
            proxy?.connected()
            return ClientBootstrap(group: client.eventLoop)
                .channelInitializer { upstream in
                    upstream.eventLoop.makeCompletedFuture {
                        try upstream.pipeline.syncOperations.addHandler(
                            Relay(to: client) { proxy?.pass($0) ?? $0 })
                    }
                }
                .connect(host: "127.0.0.1", port: port)
                .flatMap { upstream in
                    client.eventLoop.makeCompletedFuture {
                        try client.pipeline.syncOperations.addHandler(Relay(to: upstream) { $0 })
                    }
                    .flatMap { client.setOption(ChannelOptions.autoRead, value: true) }
                }
        }
    }

    private final class Relay: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer

        private let other: any Channel
        private let limit: @Sendable (Int) -> Int

        init(to other: any Channel, limit: @escaping @Sendable (Int) -> Int) {
            self.other = other
            self.limit = limit
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            var buffer = unwrapInboundIn(data)
            let count = buffer.readableBytes
            let passed = limit(count)
            if let part = buffer.readSlice(length: passed), passed > 0 {
                other.writeAndFlush(part, promise: nil)
            }
            guard passed < count else { return }
            other.close(promise: nil)
            context.close(promise: nil)
        }

        func channelInactive(context: ChannelHandlerContext) {
            other.close(promise: nil)
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) {
            context.close(promise: nil)
        }
    }
}
