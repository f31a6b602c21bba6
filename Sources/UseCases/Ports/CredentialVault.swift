import Domain

/// What opens the accounts that people have at services outside. Only workers beside the database have one: secrets
/// travel in no payload.
package protocol CredentialVault: Sendable {
    /// Nil when the account is not connected to the service. Throws `fatal` when its secret cannot be opened.
    func opened(_ service: ServiceID, account: Int64) async throws -> OpenedConnection?
}

package struct OpenedConnection: Hashable, Sendable {
    package let account: ServiceAccount
    /// Microseconds since the epoch: tells this connection from a later one.
    package let connectedAt: Int64

    package init(account: ServiceAccount, connectedAt: Int64) {
        self.account = account
        self.connectedAt = connectedAt
    }
}
