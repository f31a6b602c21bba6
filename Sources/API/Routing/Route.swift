import Contracts
import HTTPTypes
import Hummingbird

/// One operation: what it is, who may call it, what it takes, what it answers, and the code that does it.
/// The server and its OpenAPI document are both made from these, so they say the same.
struct Route: Sendable {
    /// Who may call it.
    enum Access: Sendable {
        case open, anyToken, user, admin
        /// Devices that work for this server.
        case worker
    }

    struct Answer: Sendable {
        let status: HTTPResponse.Status
        let description: String
        /// By media type; empty for an answer without a body.
        let content: [String: Schema]
        var hasLocation = false
    }

    typealias Handler = @Sendable (APIRequest) async throws -> Response

    let method: HTTPRequest.Method
    let pattern: PathPattern
    /// camelCase, unique: clients are generated from it.
    let name: String
    let summary: String
    let access: Access
    let parameters: [ParameterSpec]
    let body: BodySpec?
    /// Bytes; more is answered with 413.
    let bodyLimit: Int
    let answers: [Answer]
    /// Problems besides the ones that every route of its kind can have.
    let problems: [HTTPResponse.Status]
    let handle: Handler
    /// True for a request that waits on purpose: no time limit ends it.
    private(set) var mayWait = false
    /// True where people look: what goes wrong is told as a page, and who is not signed in is led to where they can.
    private(set) var isPage = false
    /// True for what is asked all the time: no trace tells of it.
    private(set) var isUntold = false

    init(
        _ method: HTTPRequest.Method, _ path: String, _ name: String, _ summary: String, access: Access,
        parameters: [ParameterSpec] = [], body: BodySpec? = nil, bodyLimit: Int = APIOptions.maxBodyBytes,
        answers: [Answer], problems: [HTTPResponse.Status] = [], handle: @escaping Handler
    ) {
        self.method = method
        pattern = PathPattern(path)
        self.name = name
        self.summary = summary
        self.access = access
        self.parameters = parameters
        self.body = body
        self.bodyLimit = bodyLimit
        self.answers = answers
        self.problems = problems
        self.handle = handle
    }

    /// The same route without a time limit.
    func waiting() -> Route {
        var route = self
        route.mayWait = true
        return route
    }

    /// The same route without spans.
    func untold() -> Route {
        var route = self
        route.isUntold = true
        return route
    }

    /// The same route for people.
    func asPage() -> Route {
        var route = self
        route.isPage = true
        return route
    }

    /// What a page answers.
    static let page = ["text/html": Schema(["type": "string"])]

    /// A route that answers one value as JSON.
    static func json<Value: Sendable>(
        _ method: HTTPRequest.Method, _ path: String, _ name: String, _ summary: String, access: Access,
        parameters: [ParameterSpec] = [], body: BodySpec? = nil, bodyLimit: Int = APIOptions.maxBodyBytes,
        status: HTTPResponse.Status = .ok, answer shape: Shape<Value>, _ description: String,
        location: (@Sendable (Value) -> String)? = nil,
        problems: [HTTPResponse.Status] = [], handle: @escaping @Sendable (APIRequest) async throws -> Value
    ) -> Route {
        let answer = Answer(
            status: status, description: description, content: ["application/json": shape.schema],
            hasLocation: location != nil)
        return Route(
            method, path, name, summary, access: access, parameters: parameters, body: body, bodyLimit: bodyLimit,
            answers: [answer], problems: problems
        ) { request in
            let value = try await handle(request)
            var response = Response.json(shape.json(value), status: status)
            if let location { response.headers[.location] = location(value) }
            return response
        }
    }
}

extension Route {
    /// A parameter that nobody reads is refused, but where a probe or a browser may add one of its own.
    func check(query: [String: String]) throws(Problem) {
        guard access != .open else { return }
        let names = parameters.filter { $0.location == Parameter<String>.Location.query.rawValue }.map(\.name)
        if let unknown = query.keys.filter({ !names.contains($0) }).min() {
            throw .unknown("query parameter", unknown, known: names)
        }
    }
}

extension Response {
    static func json(_ bytes: [UInt8], status: HTTPResponse.Status = .ok) -> Response {
        Response(
            status: status, headers: [.contentType: "application/json"],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
    }
}
