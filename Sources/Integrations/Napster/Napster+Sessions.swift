import Crypto
import Domain
import Foundation
import UseCases

/// Accounts: OAuth 2 with a code (RFC 6749, section 4.1), a proof that whoever comes back with the code is whoever asked
/// for it (RFC 7636), and tokens that are renewed.
extension Napster: ServiceSignIn {
    private static let shortestLifeSeconds = 60
    private static let longestLifeSeconds = 400 * 24 * 3600

    package var ways: Set<SignInWay> { secret == nil ? [] : [.web] }

    package func webAddress(_ request: WebSignIn) -> String? {
        guard secret != nil else { return nil }
        return "\(caller.address.url)/oauth/authorize?"
            + FormEncoding.encode([
                ("client_id", key.value), ("redirect_uri", request.callback), ("response_type", "code"),
                ("state", request.state), ("code_challenge", Self.challenge(of: request.verifier)),
                ("code_challenge_method", "S256"),
            ])
    }

    /// `S256` of RFC 7636: base64 for addresses, without padding (RFC 4648, section 5).
    static func challenge(of verifier: HiddenText) -> String {
        Data(SHA256.hash(data: Data(verifier.value.utf8))).base64EncodedString()
            .replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }

    package func account(_ proof: SignInProof) async throws -> ServiceAccount {
        guard case .returned(let code, let request) = proof else {
            throw Failure(.serviceRefused, "Napster is connected by its own page")
        }
        let tokens = try await tokens([
            ("grant_type", "authorization_code"), ("code", code.value), ("redirect_uri", request.callback),
            ("code_verifier", request.verifier.value),
        ])
        return try await named(Self.account("", tokens, renewal: nil, now: now))
    }

    package func checked(_ account: ServiceAccount) async throws -> ServiceAccount {
        // What was renewed is kept at once: to ask for a name now might fail, and lose it.
        if account.isDue(now: now) { return try await renewed(account) }
        do {
            return try await named(account)
        } catch let failure as Failure where failure.reason == .signInAgain && account.renewal != nil {
            return try await renewed(account)
        }
    }

    /// Seconds since the epoch.
    private var now: Int64 { clock() / 1_000_000 }

    private func named(_ account: ServiceAccount) async throws -> ServiceAccount {
        ServiceAccount(
            name: try await name(of: account), secret: account.secret, renewal: account.renewal, endsAt: account.endsAt)
    }

    /// With a new token; the one it was renewed by may have changed, too.
    private func renewed(_ account: ServiceAccount) async throws -> ServiceAccount {
        guard let renewal = account.renewal else {
            throw Failure(.signInAgain, "Napster's token has ended, and nothing is there to renew it by")
        }
        let tokens = try await tokens([("grant_type", "refresh_token"), ("refresh_token", renewal.value)])
        return Self.account(account.name, tokens, renewal: renewal, now: now)
    }

    /// Whose account it is, as the service calls them.
    private func name(of account: ServiceAccount) async throws -> String {
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
