import Hummingbird
import NIOCore
import NIOHTTP1

/// Answers what is no HTTP with a problem document too: the framework has a bare 400 for it, before any route.
final class FramingProblemHandler: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    private var problem: Problem?

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if let error = error as? HTTPParserError { problem = Self.problem(of: error) }
        context.fireErrorCaught(error)
    }

    private static func problem(of error: HTTPParserError) -> Problem {
        switch error {
        case .headerOverflow:
            Problem(
                .requestHeaderFieldsTooLarge,
                "the headers are longer than \(APIOptions.maxHeaderBytes) bytes or more than \(APIOptions.maxHeaderFields)"
            )
        default: Problem.badRequest("this is not HTTP/1.1: \(error)")
        }
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        // Of our own answers none is a 400 without a body.
        guard let problem, case .head(let head) = unwrapOutboundIn(data), head.status == .badRequest,
            head.headers["content-length"] == ["0"]
        else { return context.write(data, promise: promise) }
        self.problem = nil
        let (answer, body) = Self.answer(problem)
        context.write(wrapOutboundOut(.head(answer)), promise: promise)
        context.write(wrapOutboundOut(.body(.byteBuffer(body))), promise: nil)
    }

    private static func answer(_ problem: Problem) -> (HTTPResponseHead, ByteBuffer) {
        let requestID = RequestIdentity.choose(nil)
        let body = ByteBuffer(bytes: Problem.shape.json((problem, requestID)))
        var response = problem.response(requestID: requestID)
        SecurityHeaders.add(to: &response)
        response.headers[RequestIdentity.header] = requestID
        var headers = HTTPHeaders(response.headers.map { ($0.name.rawName, $0.value) })
        headers.replaceOrAdd(name: "connection", value: "close")
        headers.replaceOrAdd(name: "content-length", value: "\(body.readableBytes)")
        let status = HTTPResponseStatus(statusCode: problem.status.code, reasonPhrase: problem.status.reasonPhrase)
        return (HTTPResponseHead(version: .http1_1, status: status, headers: headers), body)
    }
}

/// Puts a `FramingProblemHandler` right behind the parser: where the framework lets handlers in, answers have another
/// type.
final class FramingProblemInstaller: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = NIOAny

    func handlerAdded(context: ChannelHandlerContext) {
        let pipeline = context.pipeline.syncOperations
        do {
            let parser = try pipeline.handler(type: ByteToMessageHandler<HTTPRequestDecoder>.self)
            try pipeline.addHandler(FramingProblemHandler(), position: .after(parser))
        } catch {
            // Without a parser, as in tests without a network, there is nothing to answer.
        }
    }
}
