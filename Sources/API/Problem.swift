import Contracts
import HTTPTypes
import Hummingbird
import UseCases

/// An answer that says what went wrong, as RFC 9457 has it. Everything in it is safe to show.
struct Problem: Error, Sendable {
    let status: HTTPResponse.Status
    let detail: String
    var headers: HTTPFields = [:]
    /// What must end before the request can be answered.
    var task: TaskRecord?

    init(_ status: HTTPResponse.Status, _ detail: String, headers: HTTPFields = [:]) {
        self.status = status
        self.detail = detail
        self.headers = headers
    }

    static func badRequest(_ detail: String) -> Problem { Problem(.badRequest, detail) }
    static func invalid(_ detail: String) -> Problem { Problem(.unprocessableContent, detail) }
    /// - Parameter kind: what it would be, "field".
    static func unknown(_ kind: String, _ name: String, known: [String]) -> Problem {
        let shown = String(name.prefix(maxShownName))
        return badRequest(
            "there is no \(kind) \"\(shown)\" here"
                + (known.isEmpty ? "" : "; there is \(known.sorted().joined(separator: ", "))"))
    }

    /// Characters of a name from a request that are given back.
    private static let maxShownName = 100

    static let notFound = Problem(.notFound, "there is nothing here")

    static func tryLater(_ status: HTTPResponse.Status, _ detail: String, seconds: Double) -> Problem {
        Problem(status, detail, headers: [.retryAfter: String(retryAfter(seconds))])
    }

    /// The document that describes a problem.
    static let shape = Shape<(problem: Problem, requestID: String)>.object("Problem") {
        Field("type", .text, "Always about:blank: the status says what kind of problem it is.") { _ in "about:blank" }
        Field("title", .text) { $0.problem.status.reasonPhrase }
        Field("status", .count) { $0.problem.status.code }
        Field("detail", .text, "What is wrong with this request.") { $0.problem.detail }
        Field("request_id", .text, "Names this request in the server's log.") { $0.requestID }
        Field(ifAny: "task", .awaited, "With 409: the task that the answer waits for, if there is one.") {
            $0.problem.task
        }
    }

    func response(requestID: String) -> Response {
        var headers = headers
        headers[.contentType] = "application/problem+json"
        let json = Problem.shape.json((self, requestID))
        return Response(status: status, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: json)))
    }

    /// Whole seconds, at least one and at most a day, whatever the sender of `seconds` believes.
    private static func retryAfter(_ seconds: Double) -> Int {
        guard seconds.isFinite else { return 60 }
        return Int(min(max(seconds.rounded(.up), 1), 86400))
    }
}

extension Problem {
    /// The one map from what a store says to what a client is told. Details of a fatal error stay in the log.
    init(_ error: StoreError) {
        switch error {
        case .notFound(let text): self.init(.notFound, text)
        case .conflict(let text), .preconditionFailed(let text): self.init(.conflict, text)
        case .retryable(let seconds, _):
            self = .tryLater(.serviceUnavailable, "the database is busy; try again", seconds: seconds)
        case .outOfSpace: self.init(.insufficientStorage, "the server's disk is full")
        case .fatal: self.init(.internalServerError, "the server made a mistake; its log has the details")
        }
    }

    init(_ error: SimilarityProblem) {
        switch error {
        case .senseless(let text): self = .invalid(text)
        case .away(let text, let seconds): self = .tryLater(.serviceUnavailable, text, seconds: seconds)
        case .notHeard(let text, let task):
            self.init(.conflict, text)
            self.task = task
        }
    }

    /// Whatever was thrown.
    init(_ error: any Error) {
        switch error {
        case let problem as Problem: self = problem
        case let error as StoreError: self.init(error)
        case let error as SimilarityProblem: self.init(error)
        case let error as MapProblem: self.init(error)
        default: self.init(.internalServerError, "the server made a mistake; its log has the details")
        }
    }
}

extension HTTPResponse.Status {
    static let insufficientStorage = HTTPResponse.Status(code: 507, reasonPhrase: "Insufficient Storage")
}
