import Domain

/// A track that sounds like another, and how much.
package struct SimilarTrack: Hashable, Sendable {
    package let track: Track
    /// Cosine of the angle between the two vectors, −1…1; 1 is the same sound.
    package let score: Double

    package init(track: Track, score: Double) {
        self.track = track
        self.score = score
    }
}

package protocol SimilarityFinder: Sendable {
    /// Best match first, without the track itself. Throws `notFound` for an unknown track, and `preconditionFailed`
    /// with the state of its task when the track has no vector yet.
    func similar(to trackID: Int64, limit: Int) async throws -> [SimilarTrack]
}
