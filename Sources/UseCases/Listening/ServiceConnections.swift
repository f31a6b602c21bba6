import Domain
import Synchronization

/// Connects accounts to services outside, and parts them.
package final class ServiceConnections: Sendable {
    /// A service as an account sees it.
    package struct Status: Sendable {
        package let service: ServiceID
        /// Empty where the service is not set up on this server.
        package let ways: Set<SignInWay>
        package let connection: ServiceConnection?
    }

    private struct Begun {
        let account: Int64
        /// The token that began it: another session cannot end it.
        let session: Int64
        let service: ServiceID
        let request: WebSignIn
        /// Microseconds since the epoch.
        let endsAt: Int64
    }

    private let services: [any ServiceSignIn]
    private let store: any ServiceConnectionStore
    private let clock: MicrosecondClock
    private let random: @Sendable () -> UInt64
    /// By state. In memory: who was on the way when the server started anew begins again.
    private let begun = Mutex<[String: Begun]>([:])

    package static let maxSeconds: Int64 = 600
    /// Beyond these the oldest is forgotten.
    private static let maxBegun = 200

    package init(
        services: [any ServiceSignIn], store: any ServiceConnectionStore, clock: @escaping MicrosecondClock,
        random: @escaping @Sendable () -> UInt64
    ) {
        self.services = services
        self.store = store
        self.clock = clock
        self.random = random
    }

    package func list(account: Int64) async throws -> [Status] {
        let connections = try await store.connections(account: account)
        return ServiceID.personal.map { service in
            Status(
                service: service, ways: services.first { $0.source == service }?.ways ?? [],
                connection: connections.first { $0.service == service })
        }
    }

    /// Where the browser goes. Throws `SignInProblem`.
    package func begin(
        _ service: ServiceID, callback: String, account: Int64, session: Int64
    ) throws -> (address: String, state: String) {
        let signIn = try find(service)
        let request = WebSignIn(callback: callback, state: newSecret(), verifier: HiddenText(newSecret()))
        guard let address = signIn.webAddress(request) else { throw SignInProblem.wrongWay(service) }
        let now = clock()
        let one = Begun(
            account: account, session: session, service: service, request: request,
            endsAt: now + Self.maxSeconds * 1_000_000)
        begun.withLock { begun in
            begun = begun.filter { $0.value.endsAt > now }
            if begun.count >= Self.maxBegun, let oldest = begun.min(by: { $0.value.endsAt < $1.value.endsAt }) {
                begun[oldest.key] = nil
            }
            begun[request.state] = one
        }
        return (address, request.state)
    }

    /// Ends what `begin` began, once, in the same session.
    package func finish(
        _ service: ServiceID, returned: HiddenText, state: String, account: Int64, session: Int64
    ) async throws -> ServiceConnection {
        let one = begun.withLock { $0.removeValue(forKey: state) }
        guard let one, one.account == account, one.session == session, one.service == service, one.endsAt > clock()
        else { throw SignInProblem.unknownState }
        return try await connect(service, .returned(returned, of: one.request), account: account)
    }

    package func connect(
        _ service: ServiceID, _ proof: SignInProof, account: Int64
    ) async throws -> ServiceConnection {
        let signIn = try find(service)
        guard signIn.ways.contains(proof.way) else { throw SignInProblem.wrongWay(service) }
        let outside: ServiceAccount
        do {
            outside = try await signIn.account(proof)
        } catch let failure as Failure {
            throw SignInProblem(failure)
        }
        return try await store.connect(service, as: outside, account: account)
    }

    package func disconnect(_ service: ServiceID, account: Int64) async throws {
        try await store.disconnect(service, account: account)
    }

    /// Asks the service whether it takes the account still, and renews what opens it where that ends soon. Throws
    /// `SignInProblem`, and `notFound` when there is no connection.
    package func check(_ service: ServiceID, account: Int64) async throws {
        let signIn = try find(service)
        guard let opened = try await store.opened(service, account: account) else {
            throw StoreError.notFound("there is no connection to \(service.title)")
        }
        do {
            let fresh = try await signIn.checked(opened.account)
            try await store.keep(fresh, of: opened, service, account: account)
        } catch let failure as Failure where failure.reason == .signInAgain {
            // Renewed by another server meanwhile: what was refused here has gone.
            if try await store.opened(service, account: account) != opened { return }
            try await store.complain(failure.message, of: opened, service, account: account)
            throw SignInProblem(failure)
        } catch let failure as Failure {
            throw SignInProblem(failure)
        }
    }

    /// Renews what ends soon. Answers what could not be renewed, in words.
    package func renew() async throws -> [String] {
        var problems: [String] = []
        for service in services.map(\.source) {
            for account in try await store.accounts(connectedTo: service) {
                do {
                    let opened = try await store.opened(service, account: account)
                    guard opened?.account.isDue(now: clock() / 1_000_000) == true else { continue }
                    try await check(service, account: account)
                } catch let error as CancellationError {
                    throw error
                } catch {
                    problems.append("\(service.title) for account \(account): \(error)")
                }
            }
        }
        return problems
    }

    private func find(_ service: ServiceID) throws -> any ServiceSignIn {
        guard let found = services.first(where: { $0.source == service }) else { throw SignInProblem.notSetUp(service) }
        return found
    }

    /// 256 random bits.
    private func newSecret() -> String {
        let bytes = (0..<4).flatMap { _ in
            let word = random()
            return (0..<8).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) }
        }
        return Hex.encode(bytes)
    }
}

extension SignInProof {
    var way: SignInWay {
        switch self {
        case .token: .token
        case .password: .password
        case .returned: .web
        }
    }
}

/// Why somebody is not connected. Safe to show.
package enum SignInProblem: Error, Hashable, CustomStringConvertible {
    case notSetUp(ServiceID)
    case wrongWay(ServiceID)
    /// Too old, used already, or begun by somebody else.
    case unknownState
    case refused(String)
    case away(String, seconds: Double)

    init(_ failure: Failure) {
        self =
            failure.isPostponing || failure.isTransient
            ? .away(failure.message, seconds: failure.retryAfterSeconds ?? 10) : .refused(failure.message)
    }

    package var description: String {
        switch self {
        case .notSetUp(let service): "\(service.title) is not set up on this server"
        case .wrongWay(let service): "\(service.title) is not connected in this way"
        case .unknownState: "this sign-in was not begun here, or too long ago: begin it again"
        case .refused(let why), .away(let why, _): why
        }
    }
}
