import Domain
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import Telemetry
import UseCases

/// Answers what music players ask in the Subsonic protocol: `/rest/METHOD` and `/rest/METHOD.view`.
struct SubsonicResponder: Sendable {
    /// By name.
    let methods: [String: SubsonicMethod]
    private let signIn: SubsonicSignIn
    private let envelope: SubsonicEnvelope
    private let deadline: Deadline
    private let limit: Duration

    static let prefix = "/rest/"
    private static let suffix = ".view"
    /// The one method whose name has another ending.
    private static let playlistSuffix = ".m3u8"
    private static let formType = "application/x-www-form-urlencoded"
    static let allowedMethods = "GET, HEAD, POST, OPTIONS"

    init(
        services: APIServices, authenticator: Authenticator, door: ListeningDoor, deadline: Deadline, limit: Duration
    ) {
        let shelf = SubsonicShelf(services: services)
        let all =
            SubsonicSystem(services: services).methods
            + SubsonicBrowsing(services: services, shelf: shelf).methods
            + SubsonicLists(services: services, shelf: shelf).methods
            + SubsonicSearch(services: services, shelf: shelf).methods
            + SubsonicMarks(services: services).methods + SubsonicPlays(services: services, shelf: shelf).methods
            + SubsonicSimilarity(services: services, shelf: shelf).methods
            + SubsonicInfo(services: services, shelf: shelf).methods
            + SubsonicPlaylists(services: services, shelf: shelf).methods
            + SubsonicPlayQueues(services: services, shelf: shelf).methods
            + SubsonicLyrics(services: services).methods
            + SubsonicMedia(services: services, door: door, shelf: shelf).methods
            + SubsonicUsers(services: services, authenticator: authenticator).methods
            + SubsonicScans(services: services).methods + SubsonicAbsent.methods
        precondition(Set(all.map(\.name)).count == all.count, "two methods have the same name")
        methods = Dictionary(uniqueKeysWithValues: all.map { ($0.name, $0) })
        signIn = SubsonicSignIn(authenticator: authenticator)
        envelope = SubsonicEnvelope(serverVersion: services.version)
        self.deadline = deadline
        self.limit = limit
    }

    /// The method that a path names; nil for a path of another kind, and for a name that there is not.
    func method(_ path: String) -> SubsonicMethod? {
        guard path.hasPrefix(Self.prefix) else { return nil }
        var name = path.dropFirst(Self.prefix.count)
        if name.hasSuffix(Self.suffix) { name = name.dropLast(Self.suffix.count) }
        if name == "hls\(Self.playlistSuffix)" { name = name.dropLast(Self.playlistSuffix.count) }
        return methods[String(name)]
    }

    /// What went wrong is told within the answer, and as an error to whoever keeps the log.
    func respond(
        to request: Request, by method: SubsonicMethod?, _ context: APIContext, _ logger: Logger
    ) async -> (response: Response, error: (any Error)?) {
        let target = request.head.path ?? "/"
        let query = target.prefix { $0 != "#" }.drop { $0 != "?" }.dropFirst()
        // Those who ask in vain are answered in their format, too.
        let asked = SubsonicFormat.asked(in: query)
        var format = asked ?? .xml
        do {
            guard target.utf8.count <= SubsonicParameters.maxTargetBytes else { throw Problem.targetTooLong(true) }
            let form = try await form(of: request)
            if asked == nil, let asked = SubsonicFormat.asked(in: form) { format = asked }
            var parameters = try SubsonicParameters(query)
            try parameters.add(form)
            format = try SubsonicFormat(parameters)
            return (try await answer(request, parameters, method, format, context, logger), nil)
        } catch {
            return (failure(error, format, method), error)
        }
    }

    /// Parameters in the body; none in that of a GET.
    private func form(of request: Request) async throws -> Substring {
        switch request.method {
        case .get, .head: return ""
        case .post: break
        default:
            throw Problem(.methodNotAllowed, "GET and POST are allowed here", headers: [.allow: Self.allowedMethods])
        }
        let body: ByteBuffer
        do {
            body = try await request.body.collect(upTo: SubsonicParameters.maxFormBytes)
        } catch is NIOTooManyBytesError {
            throw Problem(.contentTooLarge, "the body is larger than \(SubsonicParameters.maxFormBytes) bytes")
        }
        guard body.readableBytes > 0 else { return "" }
        let type = (request.headers[.contentType] ?? "").prefix { $0 != ";" }.lowercased()
        guard type == Self.formType else { throw Problem(.unsupportedMediaType, "the body must be \(Self.formType)") }
        return String(buffer: body)[...]
    }

    private func answer(
        _ request: Request, _ parameters: SubsonicParameters, _ method: SubsonicMethod?, _ format: SubsonicFormat,
        _ context: APIContext, _ logger: Logger
    ) async throws -> Response {
        guard let method else { throw Problem(.notFound, "there is no such method") }
        let start = ContinuousClock.now
        var caller: SubsonicCaller?
        if method.access != .open {
            try SubsonicVersion.check(parameters.require("v"))
            _ = try parameters.require("c")
            let signIn = signIn
            let found = try await deadline.run(within: limit) {
                try await signIn.caller(parameters, peer: context.peer)
            }
            guard method.access != .admin || found.isAdmin else {
                throw SubsonicError(.notAuthorized, "\(found.account.name) is no administrator")
            }
            caller = found
        }
        for name in method.required { _ = try parameters.require(name) }
        let call = SubsonicCall(
            parameters: parameters, caller: caller, client: parameters.filled("c"), headers: request.headers,
            presence: context.client, peer: context.peer, isHead: request.method == .head, logger: logger)
        let left = limit - (ContinuousClock.now - start)
        let answer =
            method.answersBytes
            ? try await method.handle(call) : try await deadline.run(within: left) { try await method.handle(call) }
        switch answer {
        case .nothing: return format.response(envelope.ok(nil))
        case .payload(let name, let member): return format.response(envelope.ok((name, member)))
        case .bytes(let response): return response
        }
    }

    /// The protocol says what is wrong in the answer, with the status of one that is well. Limits, and what is no call at
    /// all, have a status besides: those who count failures, and libraries of HTTP, look at nothing else.
    private func failure(_ error: any Error, _ format: SubsonicFormat, _ method: SubsonicMethod?) -> Response {
        if let error = error as? SubsonicError { return format.response(envelope.failed(error)) }
        let problem = Problem(error)
        let told = SubsonicError(problem)
        let isPlain: Bool =
            switch problem.status {
            case .tooManyRequests, .contentTooLarge, .uriTooLong, .methodNotAllowed, .unsupportedMediaType: true
            case .notFound: method == nil
            case .rangeNotSatisfiable, .serviceUnavailable: method?.answersBytes == true
            default: false
            }
        return format.response(
            envelope.failed(told), status: isPlain ? problem.status : .ok, headers: isPlain ? problem.headers : [:])
    }
}

/// The version of the protocol that a client speaks.
enum SubsonicVersion {
    private static let major = 1
    private static let maxParts = 3

    /// Later ones of the same kind are taken: what they ask for besides is not there, and said to be so.
    static func check(_ text: String) throws(SubsonicError) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        let numbers = parts.compactMap { UInt16($0) }
        guard !numbers.isEmpty, numbers.count == parts.count, numbers.count <= maxParts else {
            throw .invalid("v", "a version such as \(SubsonicEnvelope.protocolVersion)")
        }
        if numbers[0] < major { throw SubsonicError(.clientTooOld, "the client must be upgraded") }
        if numbers[0] > major { throw SubsonicError(.serverTooOld, "the server must be upgraded") }
    }
}
