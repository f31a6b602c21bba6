import AsyncHTTPClient
import Domain
import NIOCore
import NIOHTTP1
import Synchronization

/// Speaks to one service outside: with a limit on time and on the size of answers, few tries with back-off, a quota, and
/// a breaker that leaves the service alone while it fails. It follows no redirect.
///
/// Throws `Failure`: `serviceUnavailable` when waiting may help, `serviceError` when the answer is none; and
/// `CancellationError` when its caller was cancelled.
package final class HTTPCaller: Sendable {
    package struct Options: Sendable {
        /// Of one call; each is made only when the one before failed in a way that may pass.
        package var tries = 2
        package var answerBytesMax = 8 << 20
        package var breaker = CircuitBreaker.Policy()
        package var requestsPerSecond: Double = 20
        package var requestsAtOnce: Double = 40

        package init() {}
    }

    /// What people call it: `Ollama`.
    let service: String
    let address: ServiceAddress
    private let credential: Credential?
    private let options: Options
    private let clock: ServiceClock
    private let breakers: Mutex<[CircuitBreaker]>
    private let quota: Mutex<TokenBucket>

    /// Between the tries of one call, in seconds; a service that asks for more is left alone instead.
    private static let retryLaw = RetryPolicy(maxFailures: .max, baseSeconds: 0.2, capSeconds: 2)
    private static let patienceSeconds: Double = 2

    package init(
        service: String, address: ServiceAddress, credential: Credential? = nil, options: Options = Options(),
        clock: ServiceClock = .system
    ) {
        self.service = service
        self.address = address
        self.credential = credential
        self.options = options
        self.clock = clock
        breakers = Mutex(ServiceRequest.Purpose.allCases.map { _ in CircuitBreaker(options.breaker) })
        quota = Mutex(TokenBucket(capacity: options.requestsAtOnce, perSecond: options.requestsPerSecond))
    }

    /// Seconds until the breakers let a request through.
    package var pauseSeconds: Double {
        let now = clock.now()
        return breakers.withLock { $0.map { $0.waitSeconds(at: now) }.max() ?? 0 }
    }

    /// - Parameter read: makes a value of any answer that is neither 408, 425, 429 nor 5xx; it throws `serviceError` for
    ///   one that makes no sense, and other failures for what the service means.
    package func call<Value: Sendable>(
        _ request: ServiceRequest, _ read: @Sendable (ServiceAnswer) throws -> Value
    ) async throws -> Value {
        let start = clock.now()
        var failures = 0
        while true {
            do {
                return try await attempt(request, read)
            } catch let failure as Failure where Self.mayPass(failure) {
                failures += 1
                let pause = Self.retryLaw.delaySeconds(
                    afterFailure: failures, retryAfter: failure.retryAfterSeconds, unit: clock.unit())
                // Whoever waits has been promised an end.
                let isEarly = clock.now() - start < request.limit / .seconds(1) / 2
                guard failures < options.tries, isEarly, pause <= Self.patienceSeconds, pauseSeconds == 0 else {
                    throw failure
                }
                try await clock.sleep(pause)
            }
        }
    }

    private static func mayPass(_ failure: Failure) -> Bool {
        failure.reason == .serviceError || failure.reason == .serviceUnavailable
    }

    /// One request; its end is told to the breaker.
    private func attempt<Value: Sendable>(
        _ request: ServiceRequest, _ read: @Sendable (ServiceAnswer) throws -> Value
    ) async throws -> Value {
        // Before the breaker is asked: a quota that is used up is no fault of the service.
        try await keepQuota()
        let place = request.purpose.rawValue
        let permit = try admit(place)
        do {
            let answer = try await send(request)
            try refuseTrouble(answer)
            let value = try read(answer)
            breakers.withLock { $0[place].succeeded(permit) }
            return value
        } catch let failure as Failure where Self.mayPass(failure) {
            let (now, unit) = (clock.now(), clock.unit())
            breakers.withLock { $0[place].failed(permit, at: now, retryAfter: failure.retryAfterSeconds, unit: unit) }
            throw failure
        } catch let failure as Failure {
            // It understood and answered.
            breakers.withLock { $0[place].succeeded(permit) }
            throw failure
        } catch {
            let now = clock.now()
            breakers.withLock { $0[place].abandoned(permit, at: now) }
            throw error
        }
    }

    private func admit(_ place: Int) throws(Failure) -> CircuitBreaker.Permit {
        let now = clock.now()
        switch breakers.withLock({ $0[place].admit(at: now) }) {
        case .go(let permit): return permit
        case .wait(let seconds):
            throw Failure(
                .serviceUnavailable, "\(service) at \(address) failed too often and is left alone for a while",
                retryAfterSeconds: seconds)
        }
    }

    private func keepQuota() async throws {
        let now = clock.now()
        guard let wait = quota.withLock({ $0.take(at: now, patience: Self.patienceSeconds) }) else {
            throw Failure(.serviceUnavailable, "the quota of requests to \(service) is used up", retryAfterSeconds: 1)
        }
        if wait > 0 { try await clock.sleep(wait) }
    }

    /// Throws for what any service means by these.
    private func refuseTrouble(_ answer: ServiceAnswer) throws(Failure) {
        let what = "\(service) at \(address) answered \(answer.status)"
        switch answer.status {
        case 408, 425, 429, 502, 503, 504:
            throw Failure(
                .serviceUnavailable, "\(what)\(answer.shownText)", retryAfterSeconds: answer.retryAfterSeconds)
        case 500...: throw Failure(.serviceError, "\(what)\(answer.shownText)")
        case 300..<400:
            throw Failure(.serviceRefused, "\(what): redirects are not followed; set the address it moved to")
        default: break
        }
    }

    // MARK: The network

    /// One for the process, as long as it lives.
    private static let http: HTTPClient = {
        var configuration = HTTPClient.Configuration()
        configuration.timeout.connect = .seconds(5)
        // Neither key nor text may follow a redirect to somebody else.
        configuration.redirectConfiguration = .disallow
        configuration.connectionPool.retryConnectionEstablishment = false
        return HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }()

    private func send(_ request: ServiceRequest) async throws -> ServiceAnswer {
        let bytesMax = request.answerBytesMax ?? options.answerBytesMax
        do {
            return try await exchange(message(for: request), within: request.limit, bytesMax: bytesMax)
        } catch let failure as Failure {
            throw failure
        } catch is NIOTooManyBytesError {
            throw Failure(.serviceError, "\(service)'s answer has more than \(bytesMax) bytes")
        } catch {
            if Task.isCancelled { throw CancellationError() }
            throw Failure(
                .serviceUnavailable, "\(service) at \(address) is not in reach: \(TransportError.describe(error))")
        }
    }

    private func message(for request: ServiceRequest) -> HTTPClientRequest {
        let query = request.query.isEmpty ? "" : "?" + FormEncoding.encode(request.query)
        var message = HTTPClientRequest(url: address.url + request.path + query)
        message.method = HTTPMethod(rawValue: (request.method ?? (request.body == nil ? .get : .post)).rawValue)
        message.headers.add(name: "accept", value: "application/json")
        message.headers.add(name: "user-agent", value: "Sillon")
        for (name, value) in request.headers { message.headers.replaceOrAdd(name: name, value: value) }
        if let field = (request.authorization ?? credential.map(ServiceRequest.Authorization.bearer))?.field {
            message.headers.add(name: field.name, value: field.value)
        }
        switch request.body {
        case .json(let bytes):
            message.headers.add(name: "content-type", value: "application/json")
            message.body = .bytes(ByteBuffer(bytes: bytes))
        case .form(let fields):
            message.headers.add(name: "content-type", value: "application/x-www-form-urlencoded")
            message.body = .bytes(ByteBuffer(string: FormEncoding.encode(fields)))
        case nil: break
        }
        return message
    }

    /// The whole of it, the last byte of the answer too, within the limit.
    private func exchange(
        _ message: HTTPClientRequest, within limit: Duration, bytesMax: Int
    ) async throws -> ServiceAnswer {
        try await withThrowingTaskGroup(of: ServiceAnswer?.self) { group in
            group.addTask {
                let response = try await Self.http.execute(message, deadline: .distantFuture)
                let body = try await response.body.collect(upTo: bytesMax)
                return ServiceAnswer(
                    status: Int(response.status.code),
                    retryAfterSeconds: response.headers.first(name: "retry-after").flatMap(Double.init),
                    headers: Dictionary(response.headers.map { ($0.name.lowercased(), $0.value) }) { first, _ in first
                    },
                    body: Array(buffer: body))
            }
            group.addTask {
                try await Task.sleep(for: limit)
                return nil
            }
            defer { group.cancelAll() }
            guard let answer = try await group.next() ?? nil else {
                throw Failure(.serviceError, "\(service) at \(address) did not answer within \(limit)")
            }
            return answer
        }
    }
}
