import Hummingbird
import NIOCore
import NIOHTTP1

extension Response {
    /// What HEAD is answered: as GET, without the body. What has no length there has none here (RFC 9110, 8.6).
    var headOnly: Response {
        guard body.contentLength == nil else { return createHeadResponse() }
        return Response(
            status: status, headers: headers, body: ResponseBody(contentLength: nil) { try await $0.finish(nil) })
    }
}

/// Writes heads that tell of no length: the encoder of the framework knows nothing of HEAD, and would send a body in pieces,
/// if an empty one, where none may be.
final class HeadAnswerHandler: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    /// Of requests that have no whole answer yet, the oldest first.
    private var isHead: [Bool] = []
    private var isWithoutBody = false

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if case .head(let head) = unwrapInboundIn(data) { isHead.append(head.method == .HEAD) }
        context.fireChannelRead(data)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        switch unwrapOutboundIn(data) {
        case .head(let head)
        where isHead.first == true && head.status == .ok && !head.headers.contains(name: "content-length"):
            isWithoutBody = true
            write(head, context, promise)
        case .body where isWithoutBody: promise?.succeed()
        case .end:
            if !isHead.isEmpty { isHead.removeFirst() }
            guard isWithoutBody else { return context.write(data, promise: promise) }
            isWithoutBody = false
            promise?.succeed()
        default: context.write(data, promise: promise)
        }
    }

    private func write(_ head: HTTPResponseHead, _ context: ChannelHandlerContext, _ promise: EventLoopPromise<Void>?) {
        do {
            let encoder = try context.pipeline.syncOperations.context(handlerType: HTTPResponseEncoder.self)
            var bytes = context.channel.allocator.buffer(capacity: 1024)
            bytes.writeString("HTTP/1.1 \(head.status.code) \(head.status.reasonPhrase)\r\n")
            for (name, value) in head.headers { bytes.writeString("\(name): \(value)\r\n") }
            bytes.writeString("\r\n")
            encoder.write(NIOAny(bytes), promise: promise)
        } catch {
            promise?.fail(error)
            context.close(promise: nil)
        }
    }
}
