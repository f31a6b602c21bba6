import Crypto
import Domain
import HTTPTypes
import Synchronization
import UseCases

/// Finds out who makes a call: by a key, by a name with a digest, or by a name with a password.
struct SubsonicSignIn: Sendable {
    let authenticator: Authenticator

    /// Characters of a salt, of a digest in hexadecimal digits, and of a name.
    private static let minSaltLength = 6
    private static let maxSaltLength = 255
    private static let digestLength = 32
    private static let maxNameBytes = 256
    private static let encodedPrefix = "enc:"

    /// Throws `SubsonicError`, and a `Problem` when somebody has tried too often.
    func caller(_ parameters: SubsonicParameters, peer: String) async throws -> SubsonicCaller {
        let caller = try await found(parameters, peer: peer)
        guard caller.role != .worker else {
            throw SubsonicError(.notAuthorized, "a worker's token opens nothing here")
        }
        return caller
    }

    private func found(_ parameters: SubsonicParameters, peer: String) async throws -> SubsonicCaller {
        if let key = parameters.filled("apiKey") {
            guard !["u", "p", "t", "s"].contains(where: { parameters.text($0) != nil }) else {
                throw SubsonicError(.conflictingSignIns, "apiKey excludes u, p, t and s")
            }
            return try await byKey(key, peer: peer)
        }
        let name = try parameters.require("u")
        guard name.utf8.count <= Self.maxNameBytes else { throw Self.wrong }
        let (password, digest) = (parameters.filled("p"), parameters.filled("t"))
        switch (password, digest) {
        case (nil, nil): throw SubsonicError.missing("p, t and s, or apiKey")
        case (_?, _?): throw SubsonicError(.conflictingSignIns, "p excludes t and s")
        case (let password?, nil): return try await byPassword(name, try Self.decoded(password), peer: peer)
        case (nil, let digest?):
            let salt = try parameters.require("s")
            return try await byDigest(name, digest.lowercased(), salt: salt, peer: peer)
        }
    }

    private static let wrong = SubsonicError(.wrongCredentials, "Wrong username or password")

    /// Clear, or `enc:` with the bytes in hexadecimal digits.
    static func decoded(_ password: String) throws(SubsonicError) -> String {
        guard password.hasPrefix(encodedPrefix) else { return password }
        guard let bytes = Hex.decode(String(password.dropFirst(encodedPrefix.count))),
            let text = String(validating: bytes, as: UTF8.self)
        else { throw wrong }
        return text
    }

    // MARK: Keys

    private func byKey(_ key: String, peer: String) async throws -> SubsonicCaller {
        do {
            return try await caller(try await authenticator.verify(key, isSession: false, peer: peer))
        } catch let problem as Problem where problem.status == .unauthorized {
            throw SubsonicError(.invalidKey, "Invalid API key")
        }
    }

    private func caller(_ token: AccessToken) async throws -> SubsonicCaller {
        let account = try await authenticator.accounts.account(id: token.accountID)
        return SubsonicCaller(account: account, role: token.role, tokenID: token.id)
    }

    // MARK: Passwords

    /// Of the account, or one of its tokens in the place of it, for players that know nothing else.
    private func byPassword(_ name: String, _ password: String, peer: String) async throws -> SubsonicCaller {
        if AccessToken.mayBeSecret(password) {
            do {
                let token = try await authenticator.verify(password, isSession: false, peer: peer)
                let caller = try await caller(token)
                if try await authenticator.isNamed(caller.account, name) { return caller }
                throw Self.wrong
            } catch let problem as Problem where problem.status == .unauthorized {
                throw Self.wrong
            }
        }
        guard let account = try await authenticator.account(named: name, password: password, peer: peer) else {
            throw Self.wrong
        }
        return SubsonicCaller(account: account, role: account.role.access, tokenID: nil)
    }

    // MARK: Digests

    /// MD5 of an app password and the salt. That of the account itself is kept as a hash that no digest can be made from.
    private func byDigest(_ name: String, _ digest: String, salt: String, peer: String) async throws -> SubsonicCaller {
        guard (Self.minSaltLength...Self.maxSaltLength).contains(salt.utf8.count),
            digest.utf8.count == Self.digestLength
        else { throw try refused(peer) }
        guard authenticator.appPasswords != nil else {
            throw SubsonicError(.noTokenSignIn, "This server has no app passwords, which salted tokens are made of")
        }
        for isFresh in [false, true] {
            let passwords = try await authenticator.appPasswords(of: name, isFresh: isFresh)
            guard let match = passwords.first(where: { Self.fits(digest, $0.secret, salt) }) else { continue }
            // Looked up as any token: it may have been revoked by now.
            do {
                return try await caller(try await authenticator.verify(match.secret, isSession: false, peer: peer))
            } catch let problem as Problem where problem.status == .unauthorized {
                throw Self.wrong
            }
        }
        _ = try refused(peer)
        // The same for a wrong one, for who has none and for nobody: strangers learn nothing of who there is, and no player
        // is led to send its password in clear.
        throw SubsonicError(
            .wrongCredentials,
            "Wrong username or app password; sign-in with a salted token takes an app password, which is made in the "
                + "settings of this server")
    }

    /// Charged to whoever asks, as a wrong token is.
    private func refused(_ peer: String) throws -> SubsonicError {
        let problem = authenticator.refuse(peer, "")
        guard problem.status == .unauthorized else { throw problem }
        return Self.wrong
    }

    /// In constant time.
    private static func fits(_ digest: String, _ secret: String, _ salt: String) -> Bool {
        let right = Hex.encode(Array(Insecure.MD5.hash(data: Array((secret + salt).utf8))))
        return zip(right.utf8, digest.utf8).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
            && right.utf8.count == digest.utf8.count
    }
}

extension Authenticator {
    /// Whether this is the name of the account, in whatever spelling.
    func isNamed(_ account: Account, _ name: String) async throws -> Bool {
        do {
            return try await accounts.account(named: name).id == account.id
        } catch StoreError.notFound {
            return false
        }
    }

    /// The account whose password this is; nil for nobody's. Right ones are known for a while, and who asks the same at
    /// once makes one guess.
    func account(named name: String, password: String, peer: String) async throws -> Account? {
        let now = clock()
        let (known, check) = state.withLock { state -> (Account?, Task<Account?, any Error>?) in
            let key = state.players.key(name: name, password: password)
            if let account = state.players.account(key, now: now) { return (account, nil) }
            if let check = state.players.checks[key] { return (nil, check) }
            // A player that was not told of a new password asks for ever: that is no guess.
            if state.players.isWrong(key, now: now) { return (nil, nil) }
            let generation = state.players.generation
            // Awaited below, by all who ask the same.
            let check = Task { () async throws -> Account? in
                var verdict: Account??
                defer {
                    let verdict = verdict
                    self.state.withLock { [clock] in
                        $0.players.end(key, verdict, now: clock(), generation: generation)
                    }
                }
                let account = try await self.guess(at: name, peer: peer, door: "players") { [accounts] in
                    try await accounts.verify(name: name, password: password)
                }
                verdict = .some(account)
                return account
            }
            state.players.begin(check, key)
            return (nil, check)
        }
        if let known { return known }
        return try await check?.value
    }

    /// - Parameter isFresh: Whether those that were made lately must be among them.
    func appPasswords(of name: String, isFresh: Bool) async throws -> [OpenedAppPassword] {
        guard let appPasswords else { return [] }
        let (now, key) = (clock(), name.lowercased())
        let age = isFresh ? PlayerCache.appPasswordPrime : PlayerCache.appPasswordLifetime
        if let known = state.withLock({ $0.players.secrets(of: key, now: now, within: age) }) { return known.passwords }
        let read = try await appPasswords.appPasswords(ofAccountNamed: name)
        // Names that nobody has would push out those that somebody has.
        if !read.isEmpty { state.withLock { $0.players.keep(read, of: key, now: now) } }
        return read
    }
}
