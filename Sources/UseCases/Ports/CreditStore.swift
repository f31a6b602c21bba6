import Domain

/// Who made what, by number, and where an album begins: what players lead on with.
package protocol CreditStore: Sendable {
    /// By track; those that name nobody are left out.
    func credits(ofTracks ids: [Int64]) async throws -> [Int64: TrackCredits]
    /// By album; those without a track whose file is there are left out.
    func openings(ofAlbums ids: [Int64]) async throws -> [Int64: AlbumOpening]
}
