import AsyncHTTPClient
import Domain
import NIOCore
import NIOHTTP1
import Synchronization
import Telemetry
import UseCases

/// Speaks to one service outside: with a limit on time and on the size of answers, few tries with back-off, a quota, and
/// a breaker that leaves the service alone while it fails.
///
/// Throws `Failure`: `serviceUnavailable` when waiting may help, `serviceBlocked` when somebody has to do something,
/// `serviceError` when the answer is none; and `CancellationError` when its caller was cancelled.
package final class HTTPCaller: Sendable {
    package struct Options: Sendable {
        /// What the service is called where its quota and its breaker are kept; nil is its title.
        package var name: String?
        /// Of one call; each is made only when the one before failed in a way that may pass.
        package var tries = 2
        package var answerBytesMax = 8 << 20
        package var policy = ServicePolicy()
        /// Statuses that mean that nothing goes before somebody mends the settings, when the caller's own key was sent.
        package var blockingStatuses: Set<Int> = [401, 402, 403]
        /// False for an address that nobody but this program named: it may not lead into private networks.
        package var isAddressNamed = true
        /// Further servers, `host:port`, that the admin named: redirects may lead there wherever they are.
        package var namedHosts: Set<String> = []
        package var userAgent = "Sillon"
        /// What is waited for where such a status says that somebody has to do something.
        package var remedy = "the key or the address is mended"

        package init() {}

        /// As its profile has it.
        package init(_ service: ServiceID) {
            let profile = ServiceProfile.of(service)
            name = service.rawValue
            policy = profile.policy
            answerBytesMax = profile.answerBytesMax
            blockingStatuses = profile.blockingStatuses
        }

        package var requestsPerSecond: Double {
            get { policy.requestsPerSecond }
            set { policy.requestsPerSecond = newValue }
        }

        package var requestsAtOnce: Double {
            get { policy.requestsAtOnce }
            set { policy.requestsAtOnce = newValue }
        }
    }

    /// What people call it: `Ollama`.
    package let service: String
    package let address: ServiceAddress
    let credential: Credential?
    let options: Options
    let network: ServiceNetwork
    let clock: ServiceClock
    private let gate: any ServiceGate
    /// When each door at the service's own address may be open again, as far as this process knows.
    private let pauses = Mutex<[ServiceDoor: Double]>([:])
    /// For a service whose requests nobody else counts.
    private let ownQuota: Mutex<TokenBucket>

    /// Between the tries of one call, in seconds; a service that asks for more is left alone instead.
    private static let retryLaw = RetryPolicy(maxFailures: .max, baseSeconds: 0.2, capSeconds: 2)
    private static let patienceSeconds: Double = 2
    /// Until the gate is asked again when it could not tell.
    private static let gateAwaySeconds: Double = 10

    package init(
        service: String, address: ServiceAddress, credential: Credential? = nil, options: Options = Options(),
        clock: ServiceClock = .system, gate: (any ServiceGate)? = nil, network: ServiceNetwork = .system
    ) {
        self.service = service
        self.address = address
        self.credential = credential
        self.options = options
        self.clock = clock
        self.gate = gate ?? LocalServiceGate(clock: clock)
        self.network = network
        let policy = options.policy
        ownQuota = Mutex(TokenBucket(capacity: policy.requestsAtOnce, perSecond: policy.requestsPerSecond))
    }

    /// Seconds until the breakers let a request through, as far as this process knows.
    package var pauseSeconds: Double {
        let now = clock.now()
        return pauses.withLock { $0.values.map { max(0, $0 - now) }.max() ?? 0 }
    }

    /// - Parameter read: makes a value of any answer that is neither 408, 425, 429 nor 5xx; it throws `serviceError` for
    ///   one that makes no sense, and other failures for what the service means.
    package func call<Value: Sendable>(
        _ request: ServiceRequest, _ read: @Sendable (ServiceAnswer) throws -> Value
    ) async throws -> Value {
        let start = clock.now()
        let target = try target(of: request)
        var failures = 0
        while true {
            do {
                return try await attempt(request, target, read)
            } catch let failure as Failure where Self.mayPass(failure) {
                failures += 1
                let pause = Self.retryLaw.delaySeconds(
                    afterFailure: failures, retryAfter: failure.retryAfterSeconds, unit: clock.unit())
                // Whoever waits has been promised an end.
                let isEarly = clock.now() - start < request.limit / .seconds(1) / 2
                guard request.isRepeatable, failures < options.tries, isEarly, pause <= Self.patienceSeconds,
                    pauseSeconds == 0
                else { throw failure }
                try await clock.sleep(pause)
            }
        }
    }

    private static func mayPass(_ failure: Failure) -> Bool {
        failure.reason == .serviceError || failure.reason == .serviceUnavailable
    }

    /// One request; its end is told to the breaker.
    private func attempt<Value: Sendable>(
        _ request: ServiceRequest, _ target: ServiceTarget, _ read: @Sendable (ServiceAnswer) throws -> Value
    ) async throws -> Value {
        let door = door(request, target)
        let turn = try await enter(door, request)
        do {
            if turn.waitSeconds > 0 { try await clock.sleep(turn.waitSeconds) }
            let value = try await hidingKeys(of: request) {
                let answer = try await send(request, to: target)
                try refuseTrouble(answer, request, isOwn: isOwn(target))
                return try read(answer)
            }
            await leave(door, turn, .answered)
            return value
        } catch let failure as Failure where Self.mayPass(failure) || failure.isBlocking {
            let pause = await leave(door, turn, .failed(failure))
            throw turn.permit.isProbe ? Self.uncharged(failure, pause) : failure
        } catch let failure as Failure {
            // It understood and answered.
            await leave(door, turn, .answered)
            throw failure
        } catch {
            await leave(door, turn, .abandoned)
            throw error
        }
    }

    /// The service was known to fail, and somebody had to look whether it still does: that is no attempt at the work.
    private static func uncharged(_ failure: Failure, _ pauseSeconds: Double) -> Failure {
        guard failure.reason == .serviceError else { return failure }
        return Failure(.serviceUnavailable, failure.message, retryAfterSeconds: pauseSeconds)
    }

    // MARK: The gate

    private func enter(_ door: ServiceDoor, _ request: ServiceRequest) async throws -> ServiceTurn {
        // Before the breaker is asked: a quota that is used up is no fault of the service.
        if !options.policy.sharesQuota { try await keepOwnQuota() }
        let admission: ServiceAdmission
        do {
            admission = try await gate.enter(door, options.policy, limit: request.limit / .seconds(1))
        } catch let failure as Failure {
            throw failure
        } catch {
            if Task.isCancelled { throw CancellationError() }
            throw Failure(
                .serviceUnavailable, "whether \(service) may be asked now cannot be told: \(error)",
                retryAfterSeconds: Self.gateAwaySeconds)
        }
        switch admission {
        case .go(let turn): return turn
        case .crowded(let seconds): throw crowded(seconds)
        case .closed(let seconds, let failure):
            note(door, closedFor: seconds)
            if let failure, failure.isBlocking {
                throw Failure(failure.reason, failure.message, retryAfterSeconds: seconds)
            }
            throw Failure(
                .serviceUnavailable,
                "\(service) at \(address) failed too often and is left alone for a while"
                    + (failure.map { "; the last time: \($0.message)" } ?? ""), retryAfterSeconds: seconds)
        }
    }

    /// A redirect that stays with the same server is one more request to it.
    func takeAnotherTurn(_ request: ServiceRequest, _ target: ServiceTarget) async throws {
        let policy = options.policy
        guard policy.sharesQuota else { return }
        let door = door(request, target)
        switch try await gate.enter(door, policy, limit: request.limit / .seconds(1)) {
        case .go(let turn):
            if turn.waitSeconds > 0 { try await clock.sleep(turn.waitSeconds) }
            await leave(door, turn, .abandoned)
        case .crowded(let seconds): throw crowded(seconds)
        // This request is the probe itself, or the breaker opened meanwhile: it may end what it began.
        case .closed: try await clock.sleep(1 / policy.requestsPerSecond)
        }
    }

    private func door(_ request: ServiceRequest, _ target: ServiceTarget) -> ServiceDoor {
        ServiceDoor(service: options.name ?? service, host: target.shownHost, purpose: request.purpose)
    }

    private func keepOwnQuota() async throws {
        let now = clock.now()
        guard let wait = ownQuota.withLock({ $0.take(at: now, patience: Self.patienceSeconds) }) else {
            throw crowded(1)
        }
        if wait > 0 { try await clock.sleep(wait) }
    }

    private func crowded(_ seconds: Double) -> Failure {
        Failure(.serviceUnavailable, "the quota of requests to \(service) is used up", retryAfterSeconds: seconds)
    }

    private func count(_ end: ServiceEnd, of door: ServiceDoor) {
        guard let service = ServiceID(rawValue: String(door.service.prefix { $0 != ":" })) else { return }
        switch end {
        case .answered: Metrics.services.requests.count(service, .answered)
        case .failed: Metrics.services.requests.count(service, .failed)
        case .abandoned: break
        }
    }

    /// Answers for how many seconds the door is closed now.
    @discardableResult
    private func leave(_ door: ServiceDoor, _ turn: ServiceTurn, _ end: ServiceEnd) async -> Double {
        count(end, of: door)
        // Awaited here; a task of its own, so that it is told also when the caller was cancelled.
        let told = Task { try await gate.leave(door, options.policy, turn, end) }
        let seconds: Double
        do {
            seconds = try await told.value
        } catch {
            // The gate is away: it takes a probe that it does not hear of for lost, and asks are refused meanwhile.
            seconds = end == .answered ? 0 : Self.gateAwaySeconds
        }
        note(door, closedFor: seconds)
        return seconds
    }

    private func note(_ door: ServiceDoor, closedFor seconds: Double) {
        // What another host does says nothing about the service itself.
        guard door.host == ServiceTarget(address.url)?.shownHost else { return }
        let now = clock.now()
        pauses.withLock { $0[door] = now + seconds }
    }

    /// Throws for what any service means by these.
    private func refuseTrouble(_ answer: ServiceAnswer, _ request: ServiceRequest, isOwn: Bool) throws(Failure) {
        let what = "\(service) at \(address) answered \(answer.status)"
        switch answer.status {
        case 408, 425, 429, 502, 503, 504:
            throw Failure(
                .serviceUnavailable, "\(what)\(answer.shownText)", retryAfterSeconds: answer.retryAfterSeconds)
        case 500...: throw Failure(.serviceError, "\(what)\(answer.shownText)")
        case 300..<400:
            throw Failure(
                isOwn ? .serviceBlocked : .serviceError,
                "\(what): redirects are not followed; set the address it moved to")
        case let status where isOwn && request.authorization == nil && options.blockingStatuses.contains(status):
            throw Failure(
                .serviceBlocked,
                "\(what)\(answer.shownText); nothing more is asked until \(options.remedy)")
        default: break
        }
    }
}
