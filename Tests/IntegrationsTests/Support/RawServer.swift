import NIOCore
import NIOPosix
import Synchronization

/// A server that answers with exactly the bytes that it was given, well framed or not.
final class RawServer: Sendable {
    enum Reply: Sendable {
        /// A whole answer.
        case answer(Int, headers: [String] = [], body: String = "{}")
        /// These bytes, then the connection ends.
        case bytes(String)
        /// A beginning, and then more and more of the same.
        case endless(String)
        case silence
    }

    private struct State {
        var script: @Sendable (String) -> Reply = { _ in .answer(200) }
        var requests: [String] = []
    }

    private let state = Mutex(State())
    private let listener: Mutex<(any Channel)?> = Mutex(nil)
    let host: String
    let port: Int

    /// Each request's head, as it came.
    var requests: [String] { state.withLock { $0.requests } }
    var url: String { "http://\(host):\(port)" }

    init(host: String = "127.0.0.1", port: Int = 0, _ script: (@Sendable (String) -> Reply)? = nil) async throws {
        self.host = host
        let box = Box()
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(ChannelOptions.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { client in
                client.eventLoop.makeCompletedFuture { try client.pipeline.syncOperations.addHandler(Speaker(box)) }
            }
            .bind(host: host, port: port).get()
        self.port = channel.localAddress?.port ?? 0
        listener.withLock { $0 = channel }
        if let script { set(script) }
        box.set(self)
    }

    deinit { listener.withLock { $0 }?.close(promise: nil) }

    func set(_ script: @escaping @Sendable (String) -> Reply) { state.withLock { $0.script = script } }

    func close() async throws { try await listener.withLock { $0 }?.close() }

    private func reply(to head: String) -> Reply {
        state.withLock { state in
            state.requests.append(head)
            return state.script
        }(head)
    }

    /// Reaches the server without keeping it alive.
    private final class Box: Sendable {
        private struct Weak { weak var owner: RawServer? }
        private let state = Mutex(Weak())

        func set(_ owner: RawServer) { state.withLock { $0.owner = owner } }
        func reply(to head: String) -> Reply? { state.withLock { $0.owner }?.reply(to: head) }
    }

    private final class Speaker: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer

        private let owner: Box
        private var text = ""

        init(_ owner: Box) { self.owner = owner }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            text += String(buffer: unwrapInboundIn(data))
            guard let end = text.firstRange(of: "\r\n\r\n") else { return }
            let head = String(text[..<end.lowerBound])
            text = ""
            guard let reply = owner.reply(to: head) else { return context.close(promise: nil) }
            switch reply {
            case .answer(let status, let headers, let body):
                let lines =
                    ["HTTP/1.1 \(status) Status", "content-length: \(body.utf8.count)"] + headers + ["", body]
                send(lines.joined(separator: "\r\n"), context)
            case .bytes(let bytes):
                send(bytes, context)
                context.close(promise: nil)
            case .endless(let bytes): pour(bytes, context)
            case .silence: break
            }
        }

        private func send(_ text: String, _ context: ChannelHandlerContext) {
            context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: text)), promise: nil)
        }

        private func pour(_ text: String, _ context: ChannelHandlerContext) {
            let context = NIOLoopBound(context, eventLoop: context.eventLoop)
            let written = context.value.writeAndFlush(wrapOutboundOut(ByteBuffer(string: text)))
            written.assumeIsolated().whenSuccess { [self] in
                pour(String(repeating: "x", count: 4096), context.value)
            }
        }
    }
}
