import API
import Hummingbird
import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle
import Synchronization

/// The API on a real socket of this machine, as the program runs it.
struct LiveServer: Sendable {
    let port: Int
    private let group: ServiceGroup

    static func run<Value: Sendable>(
        _ server: TestServer, _ body: @Sendable (LiveServer) async throws -> Value
    ) async throws -> Value {
        let (ports, announce) = AsyncStream.makeStream(of: Int.self)
        let application = server.application(onServerRunning: { channel in
            announce.yield(channel.localAddress?.port ?? 0)
        })
        let group = ServiceGroup(services: [application], logger: application.logger)
        return try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            var iterator = ports.makeAsyncIterator()
            let port = await iterator.next() ?? 0
            do {
                let value = try await body(LiveServer(port: port, group: group))
                await group.triggerGracefulShutdown()
                try await tasks.waitForAll()
                return value
            } catch {
                await group.triggerGracefulShutdown()
                throw error
            }
        }
    }

    func shutDown() async {
        await group.triggerGracefulShutdown()
    }

    /// A connection that is closed when `body` is done.
    func connect<Value: Sendable>(_ body: @Sendable (inout RawConnection) async throws -> Value) async throws -> Value {
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connect(host: "127.0.0.1", port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                }
            }
        return try await channel.executeThenClose { inbound, outbound in
            var connection = RawConnection(inbound: inbound.makeAsyncIterator(), outbound: outbound)
            return try await body(&connection)
        }
    }
}

/// Bytes to and from the server, without an HTTP library in between.
struct RawConnection {
    var inbound: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator
    let outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
    private(set) var received = ""

    init(
        inbound: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator,
        outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
    ) {
        self.inbound = inbound
        self.outbound = outbound
    }

    func send(_ text: String) async throws {
        try await outbound.write(ByteBuffer(string: text))
    }

    /// Everything received so far, once it holds `text`; what came until the end when the server closed before.
    mutating func read(until text: String) async throws -> String {
        while !received.contains(text), try await readMore() {}
        return received
    }

    /// Everything received until the server closed the connection.
    mutating func readToEnd() async throws -> String {
        while try await readMore() {}
        return received
    }

    mutating func forget() {
        received = ""
    }

    private mutating func readMore() async throws -> Bool {
        guard let buffer = try await inbound.next() else { return false }
        received += String(buffer: buffer)
        return true
    }
}
