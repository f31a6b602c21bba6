import Domain

/// A service that knows something of tracks, albums or artists.
///
/// Throws `Failure`: `serviceUnavailable` when waiting may help, `serviceError` for an answer that is none,
/// `serviceRefused` for a no; and `CancellationError`.
package protocol MetadataSource: Sendable {
    var source: ServiceID { get }
    /// What it can be asked about.
    var kinds: Set<OutsideSubject.Kind> { get }
    /// Of its texts, ISO 639; nil for a source with one language.
    var language: String? { get }
    /// Seconds until it may be asked again; 0 when it may be asked now.
    var pauseSeconds: Double { get }

    /// Nil for what the service does not know.
    func facts(of subject: OutsideSubject) async throws -> OutsideFacts?
}
