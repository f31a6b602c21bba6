import AsyncHTTPClient
import Contracts
import Foundation
import Logging
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import Synchronization
import Telemetry
import UseCases

/// Requests to one server with one token. Errors are those of the ports: `AccessRefused`, which is final, and
/// `StoreError`.
package final class ServerConnection: Sendable {
    package struct Options: Sendable {
        package var connectTimeout: TimeAmount = .seconds(5)
        /// A file with certificates to trust besides those of the system.
        package var certificates: String?
        /// Long polls of all lanes, heartbeats, results and downloads, each on a connection of its own.
        package var connections = 64

        package init() {}
    }

    let address: ServerAddress
    private let token: String
    private let http: HTTPClient
    /// For downloads: a line that stands still is given up.
    private let downloads: HTTPClient
    let logger: Logger
    private let outage = Mutex(Outage())

    /// Bytes of an answer: the folders of a very large library.
    private static let answerBytesMax = 64 << 20

    /// Throws when the file with certificates cannot be used.
    package init(address: ServerAddress, token: String, options: Options = Options(), logger: Logger) throws {
        self.address = address
        self.token = token
        self.logger = logger
        var configuration = HTTPClient.Configuration()
        configuration.timeout.connect = options.connectTimeout
        // A token must not follow a redirect to somebody else.
        configuration.redirectConfiguration = .disallow
        configuration.connectionPool.retryConnectionEstablishment = false
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = options.connections
        var tls = TLSConfiguration.makeClientConfiguration()
        if let path = options.certificates {
            tls.additionalTrustRoots = [.certificates(try NIOSSLCertificate.fromPEMFile(path))]
        }
        configuration.tlsConfiguration = tls
        http = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
        configuration.timeout.read = Self.stillstand
        downloads = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }

    private static let stillstand = TimeAmount.seconds(20)

    /// Closes all connections; nothing may be sent afterwards.
    package func close() async throws {
        try await http.shutdown()
        try await downloads.shutdown()
    }

    // MARK: Messages

    /// How hard to try.
    struct Effort: Sendable {
        /// For one try.
        var timeout: Duration
        /// Nil: until the caller is cancelled.
        var tries: Int?
        /// Failures that are noise, as on a radio link; from the next one on somebody may want to know.
        var noise = 1
    }

    func call<Answer: Decodable>(
        _ method: HTTPMethod, _ path: String, _ message: (any Encodable & Sendable)? = nil, _ effort: Effort
    ) async throws -> Answer {
        let bytes = try await send(method, path, message, effort)
        do {
            return try JSONDecoder().decode(Answer.self, from: Data(bytes.readableBytesView))
        } catch {
            throw StoreError.fatal("the server's answer is not understood: \(ContractJSON.explain(error))")
        }
    }

    /// Tries again after a lost connection and what the server calls temporary; answers the body.
    @discardableResult
    func send(
        _ method: HTTPMethod, _ path: String, _ message: (any Encodable & Sendable)? = nil, _ effort: Effort
    ) async throws -> ByteBuffer {
        let body = message.map { ByteBuffer(string: ContractJSON.encode($0)) }
        var failures = 0
        while true {
            do {
                let answer = try await attempt(method, path, body, effort.timeout)
                if outage.withLock({ $0.ended() }) { logger.notice("The server is in reach again") }
                return answer
            } catch StoreError.retryable(let seconds, let text) {
                failures += 1
                if let tries = effort.tries, failures >= tries {
                    throw StoreError.retryable(afterSeconds: seconds, text)
                }
                if failures > effort.noise, outage.withLock({ $0.failed(at: .now) }) {
                    logger.warning(
                        "The server is not in reach; it is waited for",
                        metadata: [LogKeys.server: "\(address.url)", LogKeys.error: "\(text)"])
                }
                let pause = Backoff().pause(failures: failures, asked: seconds, unit: .random(in: 0..<1))
                try await Task.sleep(for: pause)
            }
        }
    }

    private func attempt(
        _ method: HTTPMethod, _ path: String, _ body: ByteBuffer?, _ timeout: Duration
    ) async throws -> ByteBuffer {
        var request = request(method, path)
        if let body {
            request.headers.add(name: "content-type", value: "application/json")
            request.body = .bytes(body)
        }
        let response = try await execute(request, timeout)
        let bytes = try await Self.reading { try await response.body.collect(upTo: Self.answerBytesMax) }
        try check(response, bytes)
        return bytes
    }

    // MARK: Building blocks, for downloads too

    func request(_ method: HTTPMethod, _ path: String) -> HTTPClientRequest {
        var request = HTTPClientRequest(url: address.url + path)
        request.method = method
        request.headers.add(name: "accept", value: "application/json")
        request.headers.add(name: "authorization", value: "Bearer \(token)")
        return request
    }

    func execute(_ request: HTTPClientRequest, _ timeout: Duration) async throws -> HTTPClientResponse {
        try await Self.reading { try await http.execute(request, deadline: .now() + .init(timeout)) }
    }

    func download(_ request: HTTPClientRequest, _ timeout: Duration) async throws -> HTTPClientResponse {
        try await Self.reading { try await downloads.execute(request, deadline: .now() + .init(timeout)) }
    }

    /// Whatever goes wrong on the way is worth another try, but for the caller's own cancellation.
    static func reading<Result: Sendable>(_ body: () async throws -> Result) async throws -> Result {
        do {
            return try await body()
        } catch let error as StoreError {
            throw error
        } catch let error as HTTPParserError where isForeign(error) {
            throw StoreError.fatal("what answers there does not speak HTTP")
        } catch let error where isDistrust(error) {
            throw StoreError.fatal(describe(error))
        } catch {
            if Task.isCancelled { throw CancellationError() }
            throw StoreError.retryable(afterSeconds: 0, describe(error))
        }
    }

    /// True when the server shows a certificate that is not trusted, or is another's: to wait does not help.
    private static func isDistrust(_ error: any Error) -> Bool {
        switch error {
        case is NIOSSLExtraError: true
        case NIOSSLError.handshakeFailed(.sslError(let causes)):
            causes.contains { "\($0)".contains("CERTIFICATE_VERIFY_FAILED") }
        case let error as NIOConnectionError: error.connectionErrors.contains { isDistrust($0.error) }
        default: false
        }
    }

    /// True for bytes that no server of HTTP sends first; an answer that breaks off is another matter.
    private static func isForeign(_ error: HTTPParserError) -> Bool {
        switch error {
        case .invalidConstant, .invalidVersion, .invalidMethod, .strictModeAssertion: true
        default: false
        }
    }

    private static func describe(_ error: any Error) -> String {
        switch error {
        case let error as HTTPClientError:
            switch error {
            case .connectTimeout, .deadlineExceeded, .readTimeout: "no answer in time"
            case .remoteConnectionClosed: "the connection was closed"
            default: error.shortDescription
            }
        case is NIOSSLError, is NIOSSLExtraError:
            "the TLS handshake failed; a certificate of your own is trusted with --ca FILE"
        case let error as IOError: String(cString: strerror(error.errnoCode))
        case let error as NIOConnectionError:
            error.connectionErrors.first.map { describe($0.error) } ?? "nobody knows the name \(error.host)"
        case let error as any CustomStringConvertible: error.description
        default: "\(error)"
        }
    }

    /// Throws what a status other than success means.
    func check(_ response: HTTPClientResponse, _ body: ByteBuffer) throws {
        let code = Int(response.status.code)
        guard !(200..<300).contains(code) else { return }
        let stated = Self.detail(body)
        let detail = stated ?? "the server answered \(code) \(response.status.reasonPhrase)"
        switch code {
        case 401, 403: throw AccessRefused(detail)
        case 408, 429, 500, 502...599:
            throw StoreError.retryable(
                afterSeconds: response.headers.first(name: "retry-after").flatMap(Double.init) ?? 0, detail)
        case 404 where stated != nil: throw StoreError.notFound(detail)
        case 409 where stated != nil: throw StoreError.preconditionFailed(detail)
        case 400... where stated != nil: throw StoreError.fatal("\(address.url) answered \(code): \(detail)")
        default:
            throw StoreError.fatal("this is no server of Sillon, or a proxy stands in front of it: \(detail)")
        }
    }

    static func detail(_ body: ByteBuffer) -> String? {
        do {
            return try JSONDecoder().decode(ProblemAnswer.self, from: Data(body.readableBytesView)).detail
        } catch {
            return nil  // a proxy's page, say; the status has to do
        }
    }
}

extension TimeAmount {
    init(_ duration: Duration) {
        let (seconds, attoseconds) = duration.components
        self = .seconds(seconds) + .nanoseconds(attoseconds / 1_000_000_000)
    }
}
