import Domain

/// A service that keeps what somebody listened to.
package protocol ScrobbleTarget: Sendable {
    var source: ServiceID { get }
    /// Listens of one submission at most.
    var batchLimit: Int { get }

    /// Tells what plays now. Worth one try only: it is over soon. Throws as `MetadataSource`, and `signInAgain`.
    func nowPlaying(_ listen: Listen, for account: ServiceAccount) async throws

    /// One verdict for each listen, in their order. Throws `CancellationError` only: then it is not known what arrived.
    func submit(_ listens: [Listen], for account: ServiceAccount) async throws -> [ListenVerdict]

    /// Throws as `nowPlaying`.
    func love(_ listen: Listen, loved: Bool, for account: ServiceAccount) async throws
}
