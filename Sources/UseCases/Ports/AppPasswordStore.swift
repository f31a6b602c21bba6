import Domain

/// Passwords for players that send a digest of one: access tokens whose secret is kept sealed, since it must be read
/// again. They are listed and revoked as all tokens are.
package protocol AppPasswordStore: Sendable {
    /// Answers the secret once. Throws `notFound` for an unknown account, `conflict` for a role that it does not have and
    /// when it has too many, `preconditionFailed` for what is no name.
    func createAppPassword(
        account: Int64, name: String, role: AccessRole
    ) async throws -> (token: AccessToken, secret: String)
    /// With their secrets. None for a name that nobody has, and while the account is disabled.
    func appPasswords(ofAccountNamed name: String) async throws -> [OpenedAppPassword]
}

/// For as long as a digest is compared.
package struct OpenedAppPassword: Sendable {
    package let tokenID: Int64
    package let accountID: Int64
    package let secret: String

    package init(tokenID: Int64, accountID: Int64, secret: String) {
        self.tokenID = tokenID
        self.accountID = accountID
        self.secret = secret
    }
}
