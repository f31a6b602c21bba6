import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1

/// Speaks to a Sillon server. All its errors are `CommandError`s with a sentence for people.
struct APIClient: Sendable {
    let settings: Settings

    /// Bytes of one answer.
    static let maxAnswerBytes = 64 << 20
    /// An answer that is no stream has to be there by then.
    static let timeout = TimeAmount.seconds(60)
    static let connectTimeout = TimeAmount.seconds(5)

    /// One for the process, as long as it lives. A refused connection is an answer: nobody waits for another one.
    private static let http: HTTPClient = {
        var configuration = HTTPClient.Configuration()
        configuration.timeout.connect = connectTimeout
        configuration.connectionPool.retryConnectionEstablishment = false
        return HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }()

    func get(_ path: String, _ query: [(String, String?)] = []) async throws -> Answer {
        try await send(try request(.GET, path, query: query))
    }

    /// As `get`, but nil when there is no such thing.
    func find(_ path: String) async throws -> Answer? {
        let response = try await attempt(try request(.GET, path), deadline: .now() + Self.timeout)
        if response.status == .notFound { return nil }
        return try await answer(try await accepted(response))
    }

    func post(_ path: String, _ query: [(String, String?)] = [], body: JSONBody? = nil) async throws -> Answer {
        try await send(try request(.POST, path, query: query, body: body))
    }

    func patch(_ path: String, body: JSONBody) async throws -> Answer {
        try await send(try request(.PATCH, path, body: body))
    }

    func delete(_ path: String) async throws -> Answer {
        try await send(try request(.DELETE, path))
    }

    /// Sends the request and answers the response when it is a good one.
    func execute(_ request: HTTPClientRequest, deadline: NIODeadline) async throws -> HTTPClientResponse {
        try await accepted(try await attempt(request, deadline: deadline))
    }

    private func send(_ request: HTTPClientRequest) async throws -> Answer {
        try await answer(try await execute(request, deadline: .now() + Self.timeout))
    }

    private func attempt(_ request: HTTPClientRequest, deadline: NIODeadline) async throws -> HTTPClientResponse {
        do {
            return try await Self.http.execute(request, deadline: deadline)
        } catch is CancellationError {
            throw CancellationError()
        } catch let error as HTTPClientError where error == .cancelled {
            throw CancellationError()
        } catch {
            throw unreachable(error)
        }
    }

    private func accepted(_ response: HTTPClientResponse) async throws -> HTTPClientResponse {
        guard (200..<300).contains(response.status.code) else { throw await refusal(response) }
        return response
    }

    private func answer(_ response: HTTPClientResponse) async throws -> Answer {
        do {
            return Answer(bytes: Array(buffer: try await response.body.collect(upTo: Self.maxAnswerBytes)))
        } catch {
            throw CommandError.unreachable("\(settings.server) broke off its answer")
        }
    }

    func request(
        _ method: HTTPMethod, _ path: String, query: [(String, String?)] = [], body: JSONBody? = nil
    ) throws -> HTTPClientRequest {
        let pairs = query.compactMap { name, value in value.map { "\(name)=\(Self.percentEncoded($0))" } }
        let url = settings.server + path + (pairs.isEmpty ? "" : "?" + pairs.joined(separator: "&"))
        var request = HTTPClientRequest(url: url)
        request.method = method
        request.headers.add(name: "accept", value: "application/json")
        if let token = try AccessTokenFinder(settings: settings).token() {
            request.headers.add(name: "authorization", value: "Bearer \(token.value)")
        }
        if let body {
            request.headers.add(name: "content-type", value: "application/json")
            request.body = .bytes(ByteBuffer(string: body.text))
        }
        return request
    }

    // MARK: What can go wrong

    private func unreachable(_ error: any Error) -> CommandError {
        let hint = "no server answers at \(settings.server); start one with: sillon up"
        guard let error = error as? HTTPClientError else { return .unreachable(hint) }
        switch error {
        case .readTimeout, .deadlineExceeded: return .unreachable("\(settings.server) did not answer in time")
        default: return .unreachable(hint)
        }
    }

    /// A problem document becomes its own words.
    private func refusal(_ response: HTTPClientResponse) async -> CommandError {
        var detail: String?
        if let bytes = try? await response.body.collect(upTo: Self.maxAnswerBytes) {  // the status has to do
            detail = try? Answer(bytes: Array(buffer: bytes)).decode(ProblemView.self).detail  // likewise
        }
        switch response.status {
        case .unauthorized:
            return .failed(
                "\(settings.server) does not accept the token (\(AccessTokenFinder(settings: settings).explanation))")
        case .forbidden:
            return .failed(detail ?? "this token may not do that")
        case .tooManyRequests, .serviceUnavailable:
            return .failed(detail ?? "the server is busy; try again later")
        default:
            return .failed(detail ?? "the server answered \(response.status.code) \(response.status.reasonPhrase)")
        }
    }

    /// For one value of a query or one component of a path: everything but RFC 3986's unreserved characters.
    static func percentEncoded(_ text: String) -> String {
        var result = ""
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                result.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                let digits = String(byte, radix: 16, uppercase: true)
                result += "%" + (digits.count < 2 ? "0" : "") + digits
            }
        }
        return result
    }
}
