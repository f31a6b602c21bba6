import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// Answers as Ollama does (docs/api.md, server/routes.go), and breaks as it does when told to. Its vectors are hashed
/// bags of words, so that texts that share words are near each other; another digest hashes otherwise.
package final class OllamaStandIn: Sendable {
    package struct Model: Sendable {
        package var digest: String
        package var dimension: Int

        package init(digest: String, dimension: Int = 64) {
            self.digest = digest
            self.dimension = dimension
        }
    }

    /// What happens to a request for vectors.
    package enum Mood: Hashable, Sendable {
        case well
        /// 503 as with too many requests, perhaps with `Retry-After`.
        case busy(retryAfter: String?)
        /// 500 as when the runner crashed.
        case crashed
        /// The status and a body as another server would send them.
        case status(Int, body: String, location: String? = nil)
        /// Half of the answer's bytes, well framed.
        case truncatedJSON
        /// Half of the answer's bytes, then nothing more.
        case cutOff
        /// No answer at all.
        case silent
        case oneVectorTooFew
        case notANumber
        case zeroVector
        case mixedDimensions
    }

    package struct Seen: Sendable {
        package let method: String
        package let path: String
        package let headers: [String: String]
        package let body: String
    }

    private struct State {
        var models: [String: Model] = [:]
        var mood = Mood.well
        var seen: [Seen] = []
        var texts: [String] = []
        /// A text with this in it is refused.
        var poison: String?
    }

    private let state = Mutex(State())
    private let listener: Mutex<(any Channel)?>
    private let clients = Mutex<[any Channel]>([])
    package let port: Int

    package var url: String { "http://127.0.0.1:\(port)" }

    /// - Parameter port: 0 takes any free one.
    package init(models: [String: Model] = ["nomic-embed-text": Model(digest: "aaaa")], port: Int = 0) async throws {
        listener = Mutex(nil)
        let box = Box()
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(ChannelOptions.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { client in
                client.eventLoop.makeCompletedFuture {
                    try client.pipeline.syncOperations.configureHTTPServerPipeline()
                    try client.pipeline.syncOperations.addHandler(Speaker(box))
                }
            }
            .bind(host: "127.0.0.1", port: port).get()
        self.port = channel.localAddress?.port ?? 0
        listener.withLock { $0 = channel }
        state.withLock { $0.models = models }
        box.set(self)
    }

    deinit {
        listener.withLock { $0 }?.close(promise: nil)
    }

    /// Nobody listens any more, and nobody who was connected is.
    package func close() async throws {
        try await listener.withLock { $0 }?.close()
        for client in clients.withLock({ $0 }) { client.close(promise: nil) }
    }

    package func set(_ mood: Mood) { state.withLock { $0.mood = mood } }
    package func set(_ name: String, _ model: Model?) { state.withLock { $0.models[name] = model } }
    package func setPoison(_ text: String?) { state.withLock { $0.poison = text } }

    package var seen: [Seen] { state.withLock { $0.seen } }
    /// Texts that vectors were made of, in their order.
    package var texts: [String] { state.withLock { $0.texts } }

    package func count(_ path: String) -> Int { seen.count { $0.path == path } }

    // MARK: Answering

    struct Reply {
        var status = 200
        var body = ""
        var headers: [(String, String)] = []
        /// Bytes that are sent of a body that claims to be whole; nil for all.
        var cutAt: Int?
        var isSilent = false
    }

    func reply(to request: Seen) -> Reply {
        state.withLock { state in
            state.seen.append(request)
            switch (request.method, request.path) {
            case ("GET", "/"): return Reply(body: "Ollama is running")
            case ("GET", "/api/version"): return Reply(body: #"{"version":"0.11.4"}"#)
            case ("GET", "/api/tags"): return Reply(body: Self.list(state))
            case ("POST", "/api/embed"): return Self.embed(request, &state, isOpenAI: false)
            case ("POST", "/v1/embeddings"): return Self.embed(request, &state, isOpenAI: true)
            default: return Reply(status: 404, body: "404 page not found")
            }
        }
    }

    private static func list(_ state: State) -> String {
        let models = state.models.sorted { $0.key < $1.key }.map { name, model in
            let tagged = name.contains(":") ? name : name + ":latest"
            return #"{"name":"\#(tagged)","model":"\#(tagged)","size":274302450,"digest":"\#(model.digest)"}"#
        }
        return #"{"models":[\#(models.joined(separator: ","))]}"#
    }

    private static func embed(_ request: Seen, _ state: inout State, isOpenAI: Bool) -> Reply {
        switch state.mood {
        case .busy(let retryAfter):
            return Reply(
                status: 503,
                body: #"{"error":"server busy, please try again.  maximum pending requests exceeded"}"#,
                headers: retryAfter.map { [("Retry-After", $0)] } ?? [])
        case .crashed: return Reply(status: 500, body: #"{"error":"do embedding request: EOF"}"#)
        case .status(let status, let body, let location):
            return Reply(status: status, body: body, headers: location.map { [("Location", $0)] } ?? [])
        case .silent: return Reply(isSilent: true)
        default: break
        }
        let question: Question
        do {
            question = try JSONDecoder().decode(Question.self, from: Data(request.body.utf8))
        } catch {
            return Reply(status: 400, body: #"{"error":"invalid input type"}"#)
        }
        guard let model = state.models[question.model] ?? state.models[question.model + ":latest"] else {
            let words = #"model \"\#(question.model)\" not found, try pulling it first"#
            return Reply(
                status: 404,
                body: isOpenAI
                    ? #"{"error":{"message":"\#(words)","type":"not_found_error"}}"# : #"{"error":"\#(words)"}"#)
        }
        if let poison = state.poison, question.input.contains(where: { $0.contains(poison) }) {
            return Reply(status: 400, body: #"{"error":"the input length exceeds the context length"}"#)
        }
        state.texts += question.input
        let body = answer(question, model, state.mood, isOpenAI: isOpenAI)
        switch state.mood {
        case .truncatedJSON: return Reply(body: String(body.prefix(body.count / 2)))
        case .cutOff: return Reply(body: body, cutAt: body.utf8.count / 2)
        default: return Reply(body: body)
        }
    }

    private struct Question: Decodable {
        let model: String
        let input: [String]
    }

    private static func answer(_ question: Question, _ model: Model, _ mood: Mood, isOpenAI: Bool) -> String {
        var vectors = question.input.map { vector(of: $0, model) }
        switch mood {
        case .oneVectorTooFew: vectors.removeLast()
        case .zeroVector: vectors[0] = [Float](repeating: 0, count: model.dimension)
        case .mixedDimensions: vectors[0].append(0)
        default: break
        }
        var texts = vectors.map { "[" + $0.map(\.description).joined(separator: ",") + "]" }
        if mood == .notANumber { texts[0] = "[NaN]" }
        guard isOpenAI else {
            return #"{"model":"\#(question.model)","embeddings":[\#(texts.joined(separator: ","))],"load_duration":1}"#
        }
        // Not in order, as the protocol allows.
        let items = texts.enumerated().reversed().map { index, vector in
            #"{"object":"embedding","index":\#(index),"embedding":\#(vector)}"#
        }
        return #"{"object":"list","data":[\#(items.joined(separator: ","))],"usage":{"prompt_tokens":1}}"#
    }

    /// Each word falls on one component, up or down; the sum has unit length.
    package static func vector(of text: String, _ model: Model) -> [Float] {
        var vector = [Float](repeating: 0, count: model.dimension)
        for word in text.lowercased().split(whereSeparator: { !$0.isLetter && !$0.isNumber }) {
            var hash: UInt64 = 14_695_981_039_346_656_037
            for byte in Array(model.digest.utf8) + Array(word.utf8) {
                hash = (hash ^ UInt64(byte)) &* 1_099_511_628_211
            }
            vector[Int(hash % UInt64(model.dimension))] += hash >> 40 & 1 == 0 ? 1 : -1
        }
        let length = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
        guard length > 0 else { return [1] + [Float](repeating: 0, count: model.dimension - 1) }
        return vector.map { $0 / length }
    }

    /// Reaches the stand-in without keeping it alive.
    private final class Box: Sendable {
        private struct Weak { weak var owner: OllamaStandIn? }
        private let state = Mutex(Weak())

        func set(_ owner: OllamaStandIn) { state.withLock { $0.owner = owner } }
        func note(_ client: any Channel) { state.withLock { $0.owner }?.clients.withLock { $0.append(client) } }
        func reply(to request: Seen) -> Reply? { state.withLock { $0.owner }?.reply(to: request) }
    }

    private final class Speaker: ChannelInboundHandler {
        typealias InboundIn = HTTPServerRequestPart
        typealias OutboundOut = HTTPServerResponsePart

        private let owner: Box
        private var head: HTTPRequestHead?
        private var body = ByteBuffer()

        init(_ owner: Box) { self.owner = owner }

        func channelActive(context: ChannelHandlerContext) { owner.note(context.channel) }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            switch unwrapInboundIn(data) {
            case .head(let head): (self.head, body) = (head, ByteBuffer())
            case .body(var bytes): body.writeBuffer(&bytes)
            case .end:
                guard let head else { return }
                let fields = head.headers.map { ($0.name.lowercased(), $0.value) }
                let request = Seen(
                    method: head.method.rawValue, path: head.uri,
                    headers: Dictionary(fields) { first, _ in first }, body: String(buffer: body))
                if let reply = owner.reply(to: request) { write(reply, context) }
            }
        }

        private func write(_ reply: Reply, _ context: ChannelHandlerContext) {
            guard !reply.isSilent else { return }
            var headers = HTTPHeaders(reply.headers)
            headers.add(name: "Content-Type", value: "application/json; charset=utf-8")
            headers.add(name: "Content-Length", value: "\(reply.body.utf8.count)")
            let head = HTTPResponseHead(
                version: .http1_1, status: HTTPResponseStatus(statusCode: reply.status), headers: headers)
            context.write(wrapOutboundOut(.head(head)), promise: nil)
            let bytes = Array(reply.body.utf8).prefix(reply.cutAt ?? .max)
            context.writeAndFlush(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: bytes)))), promise: nil)
            guard reply.cutAt == nil else { return context.close(promise: nil) }
            context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        }
    }
}
