import Domain

/// Which services an account is connected to.
package protocol ServiceConnectionStore: Sendable {
    func connections(account: Int64) async throws -> [ServiceConnection]
    /// In the place of the connection that is there; what waited for it goes on its way.
    func connect(_ service: ServiceID, as outside: ServiceAccount, account: Int64) async throws -> ServiceConnection
    /// With its secret, and listens that wait for it. Throws `notFound` when there is no connection.
    func disconnect(_ service: ServiceID, account: Int64) async throws
}
