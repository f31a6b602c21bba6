import HTTPTypes
import Hummingbird
import NIOCore
import NIOHTTP1

/// Answers what is no HTTP, or has too much in its head, as other problems are: the framework has a bare 400 for it.
final class FramingProblemHandler: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    private let line: RequestLineWatch
    private let serverVersion: String
    private var problem: Problem?

    /// - Parameter line: Stands before the parser.
    init(line: RequestLineWatch, serverVersion: String) {
        self.line = line
        self.serverVersion = serverVersion
    }

    /// The parser has one limit for all of the head, which a long target may fill; headers have less.
    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard problem == nil else { return }
        if case .head(let head) = unwrapInboundIn(data), Self.bytes(of: head.headers) > APIOptions.maxHeaderBytes {
            problem = Self.tooManyHeaders
            context.fireErrorCaught(HTTPParserError.headerOverflow)
        } else {
            context.fireChannelRead(data)
        }
    }

    private static func bytes(of headers: HTTPHeaders) -> Int {
        headers.reduce(0) { $0 + $1.name.utf8.count + $1.value.utf8.count }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if let error = error as? HTTPParserError { problem = problem(of: error) }
        context.fireErrorCaught(error)
    }

    private func problem(of error: HTTPParserError) -> Problem {
        switch error {
        case .headerOverflow where line.isTooLong: Problem.targetTooLong(line.isOfPlayer)
        case .headerOverflow: Self.tooManyHeaders
        default: Problem.badRequest("this is not HTTP/1.1: \(error)")
        }
    }

    private static let tooManyHeaders = Problem(
        .requestHeaderFieldsTooLarge,
        "the headers are longer than \(APIOptions.maxHeaderBytes) bytes or more than \(APIOptions.maxHeaderFields)")

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        // Of our own answers none is a 400 without a body.
        guard let problem, case .head(let head) = unwrapOutboundIn(data), head.status == .badRequest,
            head.headers["content-length"] == ["0"]
        else { return context.write(data, promise: promise) }
        self.problem = nil
        let (answer, body) = answer(problem)
        context.write(wrapOutboundOut(.head(answer)), promise: promise)
        context.write(wrapOutboundOut(.body(.byteBuffer(body))), promise: nil)
    }

    private func answer(_ problem: Problem) -> (HTTPResponseHead, ByteBuffer) {
        let requestID = RequestIdentity.choose(nil)
        let isOfPlayer = problem.status == .uriTooLong && line.isOfPlayer
        var (response, bytes): (Response, [UInt8])
        if isOfPlayer {
            let format = SubsonicFormat.asked(in: line.query) ?? .xml
            let envelope = SubsonicEnvelope(serverVersion: serverVersion)
            bytes = format.bytes(envelope.failed(SubsonicError(problem)))
            response = Response(status: problem.status, headers: [.contentType: format.mediaType])
            ForeignPages.admit(&response)
        } else {
            bytes = Problem.shape.json((problem, requestID))
            response = problem.response(requestID: requestID)
        }
        SecurityHeaders.add(to: &response, isForEveryOrigin: isOfPlayer)
        response.headers[RequestIdentity.header] = requestID
        var headers = HTTPHeaders(response.headers.map { ($0.name.rawName, $0.value) })
        headers.replaceOrAdd(name: "connection", value: "close")
        headers.replaceOrAdd(name: "content-length", value: "\(bytes.count)")
        let status = HTTPResponseStatus(statusCode: problem.status.code, reasonPhrase: problem.status.reasonPhrase)
        return (HTTPResponseHead(version: .http1_1, status: status, headers: headers), ByteBuffer(bytes: bytes))
    }
}

/// Remembers how the line began that the parser is at: of a head that it gives up, the parser tells nothing.
final class RequestLineWatch: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    /// Bytes of a line that are kept.
    private static let maxKept = 4096
    private static let newline = UInt8(ascii: "\n")
    private static let methods = ["GET ", "HEAD ", "POST ", "PUT ", "DELETE ", "PATCH ", "OPTIONS "].map {
        Array($0.utf8)
    }

    private var start: [UInt8] = []
    private var byteCount = 0
    private var isOpen = false

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        look(at: unwrapInboundIn(data).readableBytesView)
        context.fireChannelRead(data)
    }

    private func look(at bytes: ByteBufferView) {
        if !isOpen {
            guard Self.methods.contains(where: { bytes.starts(with: $0) }) else { return }
            (start, byteCount, isOpen) = ([], 0, true)
        }
        let end = bytes.firstIndex(of: Self.newline)
        let part = bytes[..<(end ?? bytes.endIndex)]
        start += part.prefix(Self.maxKept - start.count)
        byteCount += part.count
        isOpen = end == nil
    }

    var isTooLong: Bool { byteCount > SubsonicParameters.maxTargetBytes }

    private var target: Substring {
        String(decoding: start, as: UTF8.self).drop { $0 != " " }.dropFirst().prefix { $0 != " " }
    }

    var isOfPlayer: Bool { RequestTarget.path(of: String(target)).hasPrefix(SubsonicResponder.prefix) }
    /// As much of it as was kept.
    var query: Substring { target.prefix { $0 != "#" }.drop { $0 != "?" }.dropFirst() }
}

extension Problem {
    static func targetTooLong(_ isOfPlayer: Bool) -> Problem {
        let limit = isOfPlayer ? SubsonicParameters.maxTargetBytes : RequestTarget.maxLength
        return Problem(.uriTooLong, "the URL is longer than \(limit) bytes")
    }
}

/// Puts a `FramingProblemHandler` right behind the parser: where the framework lets handlers in, answers have another
/// type.
final class FramingProblemInstaller: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = NIOAny

    private let serverVersion: String

    init(serverVersion: String) {
        self.serverVersion = serverVersion
    }

    func handlerAdded(context: ChannelHandlerContext) {
        let pipeline = context.pipeline.syncOperations
        do {
            let parser = try pipeline.handler(type: ByteToMessageHandler<HTTPRequestDecoder>.self)
            let line = RequestLineWatch()
            try pipeline.addHandler(line, position: .before(parser))
            try pipeline.addHandlers(
                [HeadAnswerHandler(), FramingProblemHandler(line: line, serverVersion: serverVersion)],
                position: .after(parser))
        } catch {
            // Without a parser, as in tests without a network, there is nothing to answer.
        }
    }
}
