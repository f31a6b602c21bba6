import Domain

/// Which services an account is connected to.
package protocol ServiceConnectionStore: CredentialVault {
    func connections(account: Int64) async throws -> [ServiceConnection]
    /// In the place of the connection that is there; what waited for it goes on its way.
    func connect(_ service: ServiceID, as outside: ServiceAccount, account: Int64) async throws -> ServiceConnection
    /// With its secret, and listens that wait for it. Throws `notFound` when there is no connection.
    func disconnect(_ service: ServiceID, account: Int64) async throws
    /// The accounts that are connected to a service.
    func accounts(connectedTo service: ServiceID) async throws -> [Int64]
    /// The service takes `outside`, which is kept in the place of what was opened. Another connection than that one stays
    /// as it is.
    func keep(
        _ outside: ServiceAccount, of opened: OpenedConnection, _ service: ServiceID, account: Int64) async throws
    /// The service turns away what was opened, until it is connected anew. Another connection stays as it is.
    func complain(_ why: String, of opened: OpenedConnection, _ service: ServiceID, account: Int64) async throws
}
