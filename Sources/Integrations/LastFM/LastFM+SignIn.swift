import Domain
import UseCases

extension LastFM: ServiceSignIn {
    package var ways: Set<SignInWay> { secret == nil ? [] : [.password, .web] }

    /// Last.fm sends the browser to the callback as it is, query and all, and adds its token.
    package func webAddress(_ request: WebSignIn) -> String? {
        guard secret != nil else { return nil }
        let mark = request.callback.contains("?") ? "&" : "?"
        return authorizationAddress(callback: request.callback + mark + FormEncoding.encode([("state", request.state)]))
    }

    package func account(_ proof: SignInProof) async throws -> ServiceAccount {
        switch proof {
        case .returned(let token, _): try await account(token: token.value)
        case .password(let userName, let password): try await account(userName: userName, password: password)
        case .token: throw Failure(.serviceRefused, "Last.fm has no tokens of this kind")
        }
    }

    package func checked(_ account: ServiceAccount) async throws -> ServiceAccount {
        let name = try await name(of: account.secret)
        return ServiceAccount(name: name, secret: account.secret)
    }
}
