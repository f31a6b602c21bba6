import AsyncHTTPClient
import Domain
import NIOCore
import NIOHTTP1
import UseCases

/// Sends messages to webhooks, behind the same guard as every call outside: an address in a private network is refused,
/// unless the settings name its server. Redirects are not followed.
///
/// There is no breaker: each delivery waits longer from try to try, and none knows of the others.
package struct WebhookCaller: WebhookSender {
    package struct Options: Sendable {
        /// `host:port` of servers that may lie in private networks, and may be told without encryption.
        package var namedHosts: Set<String> = []
        package var userAgent = "Sillon"

        package init() {}
    }

    private let options: Options
    private let network: ServiceNetwork
    private let clock: ServiceClock
    private let time: MicrosecondClock

    /// Of one try, the last byte of the answer too.
    private static let limit = Duration.seconds(15)
    /// What is said in an answer is of no interest.
    private static let answerBytesMax = 64 << 10

    /// - Parameter time: of day, for the signature.
    package init(
        options: Options = Options(), network: ServiceNetwork = .system, clock: ServiceClock = .system,
        time: @escaping MicrosecondClock
    ) {
        self.options = options
        self.network = network
        self.clock = clock
        self.time = time
    }

    /// The server that an address leads to. Throws `WebhookDesk.Refused`; whether it lies in a private network is seen
    /// when it is asked, since names change their meaning.
    package func server(of url: String) throws -> String {
        guard let target = ServiceTarget(url) else {
            throw WebhookDesk.Refused("the address of a webhook is one of https without a name or password in it")
        }
        guard target.isEncrypted || isNamed(target) else {
            throw WebhookDesk.Refused(
                "the address of a webhook needs https, or SILLON_WEBHOOK_HOSTS names \(target.host):\(target.port)")
        }
        if !isNamed(target), let range = NetworkAddress(target.host).flatMap(SpecialRange.of) {
            throw WebhookDesk.Refused(
                "\(target.host) is \(range.name): only SILLON_WEBHOOK_HOSTS may name it, as \(target.host):\(target.port)"
            )
        }
        return Self.server(target)
    }

    private static func server(_ target: ServiceTarget) -> String {
        "\(target.isEncrypted ? "https" : "http")://\(target.shownHost)"
    }

    private func isNamed(_ target: ServiceTarget) -> Bool {
        options.namedHosts.contains("\(target.host):\(target.port)")
    }

    package func send(_ message: WebhookMessage, to webhook: WebhookTarget) async throws -> WebhookAnswer {
        guard let target = ServiceTarget(webhook.url.value), target.isEncrypted || isNamed(target) else {
            throw Failure(.serviceRefused, "the settings do not allow the address of this webhook any more")
        }
        let request = request(message, target, webhook.key)
        return try await withThrowingTaskGroup(of: WebhookAnswer?.self) { group in
            group.addTask { try await self.exchange(request, target) }
            group.addTask {
                try await self.clock.limit(Self.limit)
                return nil
            }
            defer { group.cancelAll() }
            guard let answer = try await group.next() ?? nil else {
                throw Failure(.serviceError, "\(Self.server(target)) did not answer within \(Self.limit)")
            }
            return answer
        }
    }

    private func request(_ message: WebhookMessage, _ target: ServiceTarget, _ key: WebhookKey) -> HTTPClientRequest {
        let timestamp = time() / 1_000_000
        var request = HTTPClientRequest(url: target.url)
        request.method = .POST
        request.headers = [
            "content-type": "application/json", "user-agent": options.userAgent,
            WebhookSignature.idHeader: message.id, WebhookSignature.timestampHeader: "\(timestamp)",
            WebhookSignature.signatureHeader: WebhookSignature.text(
                id: message.id, timestamp: timestamp, body: message.body, key: key),
        ]
        request.body = .bytes(ByteBuffer(string: message.body))
        return request
    }

    private func exchange(_ request: HTTPClientRequest, _ target: ServiceTarget) async throws -> WebhookAnswer {
        let server = Self.server(target)
        do {
            let answer = try await network.fetch(
                request, target, isNamed: isNamed(target), bytesMax: Self.answerBytesMax)
            return WebhookAnswer(status: answer.status, retryAfterSeconds: answer.retryAfterSeconds, server: server)
        } catch let problem as ServiceNetwork.Problem {
            throw Failure(.serviceError, Self.complaint(problem, server, target))
        }
    }

    private static func complaint(
        _ problem: ServiceNetwork.Problem, _ server: String, _ target: ServiceTarget
    ) -> String {
        switch problem {
        case .unknownName: "\(server) is not in reach: nobody knows the name \(target.host)"
        case .unreachable(let words), .silent(let words): "\(server) is not in reach: \(words)"
        case .brokenOff: "\(server) broke off in the middle of its answer"
        case .tooLarge: "\(server) answered more than \(answerBytesMax) bytes"
        case .forbidden(let address, let range):
            "\(server) leads to \(address), \(range): only a server that SILLON_WEBHOOK_HOSTS names may do that"
        }
    }
}
