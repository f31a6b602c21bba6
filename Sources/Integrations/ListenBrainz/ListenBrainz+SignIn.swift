import Domain
import UseCases

extension ListenBrainz: ServiceSignIn {
    package var ways: Set<SignInWay> { [.token] }

    package func webAddress(_ request: WebSignIn) -> String? { nil }

    package func account(_ proof: SignInProof) async throws -> ServiceAccount {
        guard case .token(let token) = proof else {
            throw Failure(.serviceRefused, "ListenBrainz is connected by the token of its settings page")
        }
        return try await account(token: token)
    }

    package func checked(_ account: ServiceAccount) async throws -> ServiceAccount {
        try await self.account(token: account.secret)
    }
}
