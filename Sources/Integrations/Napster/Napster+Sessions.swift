import Domain

/// Accounts: OAuth 2 with a code, and tokens that are renewed.
extension Napster {
    /// A token is renewed a little before it ends.
    private static let marginSeconds: Int64 = 60
    private static let shortestLifeSeconds = 60
    private static let longestLifeSeconds = 400 * 24 * 3600

    /// Where a browser asks its owner; it comes back to `callback` with `code` and `state`.
    package func authorizationAddress(_ request: SignInRequest, callback: String) -> String {
        "\(caller.address.url)/oauth/authorize?"
            + FormEncoding.encode([
                ("client_id", key.value), ("redirect_uri", callback), ("response_type", "code"),
                ("state", request.state), ("code_challenge", request.challenge), ("code_challenge_method", "S256"),
            ])
    }

    /// - Parameters:
    ///   - state: as it came back; `signInAgain` is thrown for another than the request's.
    ///   - callback: the same as was sent.
    ///   - now: seconds since the epoch.
    package func account(
        code: String, state: String, of request: SignInRequest, callback: String, now: Int64
    ) async throws -> ServiceAccount {
        guard request.isOwn(state: state) else {
            throw Failure(.signInAgain, "the answer belongs to another sign-in: begin anew")
        }
        let tokens = try await tokens([
            ("grant_type", "authorization_code"), ("code", code), ("redirect_uri", callback),
            ("code_verifier", request.verifier.value),
        ])
        let account = Self.account("", tokens, renewal: nil, now: now)
        return ServiceAccount(
            name: try await name(of: account), secret: account.secret, renewal: account.renewal, endsAt: account.endsAt)
    }

    /// With a new token; the one it was renewed by may have changed, too.
    package func renewed(_ account: ServiceAccount, now: Int64) async throws -> ServiceAccount {
        guard let renewal = account.renewal else {
            throw Failure(.signInAgain, "Napster's token has ended, and nothing is there to renew it by")
        }
        let tokens = try await tokens([("grant_type", "refresh_token"), ("refresh_token", renewal.value)])
        return Self.account(account.name, tokens, renewal: renewal, now: now)
    }

    /// Runs `body`, and once more with a renewed token when the token has ended or is refused. Answers the account as it
    /// is then, to be kept.
    package func withAccount<Value: Sendable>(
        _ account: ServiceAccount, now: Int64, _ body: @Sendable (ServiceAccount) async throws -> Value
    ) async throws -> (value: Value, account: ServiceAccount) {
        if let end = account.endsAt, end - Self.marginSeconds <= now, account.renewal != nil {
            let fresh = try await renewed(account, now: now)
            return (try await body(fresh), fresh)
        }
        do {
            return (try await body(account), account)
        } catch let failure as Failure where failure.reason == .signInAgain && account.renewal != nil {
            let fresh = try await renewed(account, now: now)
            return (try await body(fresh), fresh)
        }
    }

    /// Whose account it is, as the service calls them.
    package func name(of account: ServiceAccount) async throws -> String {
        guard let token = Credential(shown: account.secret) else {
            throw Failure(.signInAgain, "Napster's token cannot be sent")
        }
        var request = ServiceRequest("/v2.2/me/account", limit: Self.limit)
        request.authorization = .bearer(token)
        let answer = try await caller.call(request) { answer in
            guard answer.status == 200 else { throw answer.refusal(of: .napster) }
            return try answer.read(NapsterAnswers.Account.self, of: .napster)
        }
        let names = [answer.account?.value?.screenName, answer.account?.value?.userName, answer.account?.value?.id]
        return names.compactMap { $0?.value }.first.map { String($0.prefix(200)) } ?? "Napster"
    }

    private func tokens(_ fields: [(name: String, value: String)]) async throws -> NapsterAnswers.Tokens {
        guard let secret else {
            throw Failure(
                .serviceRefused, "nobody signs in to Napster without a secret: set SILLON_NAPSTER_SECRET_FILE")
        }
        var request = ServiceRequest("/oauth/access_token", limit: Self.limit)
        request.method = .post
        let client = [("client_id", key.value), ("client_secret", secret.value), ("response_type", "code")]
        request.body = .form(fields + client)
        // A code is good for one exchange.
        request.isRepeatable = false
        return try await caller.call(request) { answer in
            switch answer.status {
            case 200: try answer.read(NapsterAnswers.Tokens.self, of: .napster)
            case 400, 401: throw Failure(.signInAgain, "Napster did not take the sign-in (\(answer.status))")
            default: throw answer.refusal(of: .napster)
            }
        }
    }

    private static func account(
        _ name: String, _ tokens: NapsterAnswers.Tokens, renewal: HiddenText?, now: Int64
    ) -> ServiceAccount {
        let life = tokens.expires_in?.amount.map { min(max($0, shortestLifeSeconds), longestLifeSeconds) }
        return ServiceAccount(
            name: name, secret: HiddenText(tokens.access_token),
            renewal: tokens.refresh_token.map(HiddenText.init) ?? renewal, endsAt: life.map { now + Int64($0) })
    }
}
