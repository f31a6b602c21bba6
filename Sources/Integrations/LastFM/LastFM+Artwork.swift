import Domain
import UseCases

extension LastFM: ArtworkSource {
    private static let pictureLimit = Duration.seconds(30)
    /// To the host that keeps the pictures, and once more.
    private static let hops = 3

    /// Pictures of 300 pixels at most. None of an album that its correction of names has made another one, or of which
    /// nobody knows who made it: its page of "Greatest Hits" is of everybody.
    package func frontCovers(of album: AlbumQuestion) async throws -> [ArtworkCandidate] {
        guard album.artist != nil, let facts = try await facts(of: .album(album)), let name = facts.name,
            AlbumTitle(name).isSame(as: AlbumTitle(album.title))
        else { return [] }
        return facts.images.map {
            ArtworkCandidate(source: .lastfm, address: $0.address, size: $0.width)
        }
    }

    package func fetch(_ candidate: ArtworkCandidate, bytesMax: Int) async throws -> Artwork? {
        try await caller.picture(
            at: candidate.address, bytesMax: bytesMax, hops: Self.hops, within: Self.pictureLimit, of: source)
    }
}
