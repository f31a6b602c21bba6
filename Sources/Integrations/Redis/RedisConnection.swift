import NIOCore
import NIOPosix

/// What Redis answers, in its protocol RESP 2. `nothing` is a null or an error.
enum RedisReply: Sendable {
    case text([UInt8])
    case number(Int)
    case list([RedisReply])
    case nothing

    /// One reply off the front of the buffer; nil while it is not whole.
    static func take(from buffer: inout ByteBuffer, depth: Int = 0) -> RedisReply? {
        guard let end = buffer.readableBytesView.firstIndex(of: 13), buffer.writerIndex >= end + 2,
            let line = buffer.readString(length: end - buffer.readerIndex)
        else { return nil }
        buffer.moveReaderIndex(forwardBy: 2)
        let count = Int(line.dropFirst()) ?? -1
        switch line.first {
        case "+": return .text(Array(line.dropFirst().utf8))
        case ":": return .number(count)
        case "$" where count >= 0:
            guard buffer.readableBytes - 2 >= count, let bytes = buffer.readBytes(length: count) else { return nil }
            buffer.moveReaderIndex(forwardBy: 2)
            return .text(bytes)
        case "*" where count >= 0 && depth < 4:
            var list: [RedisReply] = []
            while list.count < count {
                guard let element = take(from: &buffer, depth: depth + 1) else { return nil }
                list.append(element)
            }
            return .list(list)
        default: return .nothing
        }
    }
}

/// One connection to Redis. Commands are answered in their order, so many may be on their way.
struct RedisConnection: Sendable {
    private let channel: any Channel

    private static let limit = TimeAmount.seconds(1)
    private static let answerBytesMax = 4 << 20

    static func open(host: String, port: Int) async throws -> RedisConnection {
        let bootstrap = ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton).connectTimeout(limit)
        let channel = try await bootstrap.channelInitializer { channel in
            channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(Handler()) }
        }.connect(host: host, port: port).get()
        return RedisConnection(channel: channel)
    }

    func close() { channel.close(promise: nil) }

    /// Throws when there is no answer in time; the connection is then of no use any more.
    func send(_ words: [[UInt8]]) async throws -> RedisReply {
        let promise = channel.eventLoop.makePromise(of: RedisReply.self)
        var bytes = ByteBuffer(string: "*\(words.count)\r\n")
        for word in words { bytes.writeBytes(Array("$\(word.count)\r\n".utf8) + word + [13, 10]) }
        channel.writeAndFlush(Command(bytes: bytes, answer: promise)).cascadeFailure(to: promise)
        let late = channel.eventLoop.scheduleTask(in: Self.limit) { [channel] in channel.close(promise: nil) }
        defer { late.cancel() }
        return try await promise.futureResult.get()
    }

    private struct Command: Sendable {
        let bytes: ByteBuffer
        let answer: EventLoopPromise<RedisReply>
    }

    private final class Handler: ChannelDuplexHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundIn = Command
        typealias OutboundOut = ByteBuffer

        private var waiting: CircularBuffer<EventLoopPromise<RedisReply>> = []
        private var received = ByteBuffer()

        func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
            let command = unwrapOutboundIn(data)
            waiting.append(command.answer)
            context.write(wrapOutboundOut(command.bytes), promise: promise)
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            received.writeImmutableBuffer(unwrapInboundIn(data))
            var rest = received
            while let reply = RedisReply.take(from: &rest) {
                waiting.popFirst()?.succeed(reply)
                received = rest
            }
            if received.readableBytes == 0 { received.clear() }
            if received.readableBytes > RedisConnection.answerBytesMax { context.close(promise: nil) }
        }

        func channelInactive(context: ChannelHandlerContext) {
            while let promise = waiting.popFirst() { promise.fail(ChannelError.eof) }
        }
    }
}
