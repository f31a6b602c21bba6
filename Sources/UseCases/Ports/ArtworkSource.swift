import Domain

/// A service that has pictures of albums. Throws as `MetadataSource`.
package protocol ArtworkSource: Sendable {
    var source: ServiceID { get }

    /// Pictures of the front, the best first; none for an album without.
    func frontCovers(of album: AlbumQuestion) async throws -> [ArtworkCandidate]

    /// Nil when it is gone; `serviceError` for one of more than `bytesMax` bytes.
    func fetch(_ candidate: ArtworkCandidate, bytesMax: Int) async throws -> Artwork?
}
