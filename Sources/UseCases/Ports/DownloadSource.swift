import Domain

/// A service that gets files which others share. Throws as `MetadataSource`.
package protocol DownloadSource: Sendable {
    var source: ServiceID { get }

    /// Returns when the search is over; the best offer first, none that is surely something else.
    func search(_ question: DownloadQuestion) async throws -> [DownloadOffer]

    /// The same offer again, while it is under way, is one download.
    func start(_ offer: DownloadOffer) async throws -> DownloadTicket

    /// Nil for a download that the service does not know any more.
    func progress(of ticket: DownloadTicket) async throws -> DownloadProgress?

    /// What was received is thrown away. Nothing happens to a download that is not known.
    func cancel(_ ticket: DownloadTicket) async throws

    /// Where the finished file lies on the service's machine; nil while it does not say.
    func localPath(of ticket: DownloadTicket) async throws -> FilePath?
}
