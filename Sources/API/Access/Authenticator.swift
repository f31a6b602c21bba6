import Domain
import HTTPTypes
import Synchronization
import Telemetry
import UseCases

/// Finds out whose token a request carries.
final class Authenticator: Sendable {
    struct State {
        var cache = TokenCache()
        var players = PlayerCache()
        var limiter = SignInLimiter()
        /// Of passwords, by peer and by account.
        var passwords = SignInLimiter()
    }

    let tokens: any TokenStore
    let accounts: any AccountStore
    /// Nil where no secret can be kept so that it can be read again.
    let appPasswords: (any AppPasswordStore)?
    let clock: MicrosecondClock
    let state = Mutex(State())

    /// Secrets are 43 characters; much longer ones are not worth hashing.
    static let maxSecretLength = 512

    init(
        tokens: any TokenStore, accounts: any AccountStore, appPasswords: (any AppPasswordStore)? = nil,
        clock: @escaping MicrosecondClock
    ) {
        self.tokens = tokens
        self.accounts = accounts
        self.appPasswords = appPasswords
        self.clock = clock
    }

    /// By an `Authorization: Bearer` header, or else the cookie of a session. Neither is no failed sign-in; a wrong
    /// secret is.
    func authenticate(_ headers: HTTPFields, peer: String) async throws -> SignedIn {
        guard let header = headers[.authorization] else {
            guard let secret = BrowserSession.secret(in: headers) else {
                throw Authenticator.unauthorized("an access token is needed", error: nil)
            }
            let token = try await verify(secret, isSession: true, peer: peer)
            return SignedIn(token: token, csrf: CrossSiteGuard.token(for: secret))
        }
        guard let secret = Authenticator.secret(in: header) else {
            throw refuse(peer, "the Authorization header must be: Bearer TOKEN")
        }
        return SignedIn(token: try await verify(secret, isSession: false, peer: peer), csrf: nil)
    }

    /// - Parameter isSession: Whether it came in a cookie; neither kind of secret opens anything in the place of the other.
    func verify(_ secret: String, isSession: Bool, peer: String) async throws -> AccessToken {
        let token = try await verified(secret, peer: peer)
        guard token.isSession == isSession else { throw refuse(peer, Self.unknown) }
        return token
    }

    private static let unknown = "the access token is unknown, revoked or expired"

    private func verified(_ secret: String, peer: String) async throws -> AccessToken {
        let key = TokenCache.key(secret)
        let now = clock()
        // Failures alone are limited: a good token opens the door however often somebody else behind the same address
        // (this machine's loopback, a proxy) has tried wrong ones.
        let known = state.withLock { state -> (token: AccessToken?, generation: Int) in
            if let token = state.cache.token(key, now: now) { return (token, 0) }
            return (nil, state.cache.generation)
        }
        Metrics.caches.lookups.count(.token, known.token == nil ? .miss : .hit)
        if let token = known.token { return token }
        guard let token = try await tokens.verify(secret: secret) else {
            state.withLock { $0.cache.remove(key) }
            throw refuse(peer, Self.unknown)
        }
        state.withLock { $0.cache.insert(token, key: key, now: now, generation: known.generation) }
        return token
    }

    /// A session for who knows an account's password.
    func signIn(name: String, password: String, peer: String) async throws -> (token: AccessToken, secret: String) {
        let session = try await guess(at: name, peer: peer) { [accounts, clock] in
            try await accounts.signIn(
                name: name, password: password, expiresAt: clock() + BrowserSession.lifetimeSeconds * 1_000_000)
        }
        guard let session else { throw Authenticator.unauthorized("the name or the password is wrong", error: nil) }
        return session
    }

    /// Whether somebody who is signed in knows the account's password.
    func knows(_ password: String, _ account: Account, peer: String) async throws -> Bool {
        try await guess(at: account.name, peer: peer) { [accounts] in
            try await accounts.verify(name: account.name, password: password)
        }?.id == account.id
    }

    /// A password, unlike a token, can be guessed: nothing gets past an empty bucket, the right one neither. Each guess
    /// is charged before it is looked at, so that those count that are made all at once, and given back when it is right.
    /// - Parameter door: What is guessed at one door shuts no other: any page may make a browser guess at that of players.
    func guess<Value: Sendable>(
        at name: String, peer: String, door: String = "pages", _ verify: @Sendable () async throws -> Value?
    ) async throws -> Value? {
        let (now, keys) = (clock(), ["\(door) peer \(peer)", "\(door) \(try await accountKey(name))"])
        let seconds = state.withLock { state -> Double? in
            if let seconds = keys.compactMap({ state.passwords.wait(for: $0, now: now) }).max() { return seconds }
            for key in keys { state.passwords.recordFailure(of: key, now: now) }
            return nil
        }
        if let seconds {
            throw Problem.tryLater(.tooManyRequests, "too many wrong passwords", seconds: seconds)
        }
        let value = try await verify()
        if value != nil {
            state.withLock { state in
                for key in keys { state.passwords.forgive(key, now: clock()) }
            }
        }
        return value
    }

    /// One name for all spellings of an account's.
    private func accountKey(_ name: String) async throws -> String {
        do {
            return "account \(try await accounts.account(named: name).id)"
        } catch StoreError.notFound {
            return "nobody \(name.lowercased())"
        }
    }

    /// A revoked token is refused from now on.
    func forget(tokenID: Int64) {
        state.withLock { state in
            state.cache.remove(tokenID: tokenID)
            state.players.removeAppPasswords()
        }
    }

    /// What an account may do has changed.
    func forget(accountID: Int64) {
        state.withLock { state in
            state.cache.remove(accountID: accountID)
            state.players.remove(accountID: accountID)
        }
    }

    func refuse(_ peer: String, _ detail: String) -> Problem {
        let now = clock()
        let seconds = state.withLock { state -> Double? in
            let seconds = state.limiter.wait(for: peer, now: now)
            if seconds == nil { state.limiter.recordFailure(of: peer, now: now) }
            return seconds
        }
        if let seconds {
            return .tryLater(.tooManyRequests, "too many failed sign-ins from this address", seconds: seconds)
        }
        return Authenticator.unauthorized(detail, error: "invalid_token")
    }

    /// The scheme's name may be written in any case (RFC 9110), the secret is visible ASCII without spaces.
    private static func secret(in header: String) -> String? {
        let parts = header.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, parts[0].lowercased() == "bearer", (1...maxSecretLength).contains(parts[1].utf8.count),
            parts[1].utf8.allSatisfy({ (0x21...0x7E).contains($0) })
        else { return nil }
        return String(parts[1])
    }

    private static func unauthorized(_ detail: String, error: String?) -> Problem {
        let challenge = "Bearer realm=\"sillon\"" + (error.map { ", error=\"\($0)\"" } ?? "")
        return Problem(.unauthorized, detail, headers: [.wwwAuthenticate: challenge])
    }
}

extension Route.Access {
    /// Throws when a token of this role may not call the route. A worker's token opens nothing but `anyToken` routes.
    func check(_ role: AccessRole) throws(Problem) {
        let isAllowed =
            switch (self, role) {
            case (.open, _), (.anyToken, _), (_, .admin): true
            case (.user, .user), (.worker, .worker): true
            case (.user, .worker), (.worker, .user), (.admin, .user), (.admin, .worker): false
            }
        guard isAllowed else { throw Problem(.forbidden, "a token of the role \(role.rawValue) may not do this") }
    }
}
