/// A play, as it was sent.
package struct Listen: Sendable {
    /// When playback began, in seconds since 1970; nil while it plays.
    package let listenedAt: Int?
    package let artist: String
    package let track: String
    let metadata: JSON

    /// What makes two listens of a user the same.
    var identity: String { "\(listenedAt ?? 0)\u{1F}\(artist.lowercased())\u{1F}\(track.lowercased())" }

    /// The id that stands for names without an id.
    var messyID: String { Digest.uuid(of: "msid", artist, track) }
}
