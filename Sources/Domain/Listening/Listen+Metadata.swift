extension Listen {
    /// Characters of a name; no service takes books.
    private static let maxNameCharacters = 500
    private static let maxArtistIDs = 20

    /// Nil when the tags name no artist or no title: no service takes such a listen.
    package init?(_ metadata: TrackMetadata, durationMs: Int?, startedAt: Int64) {
        guard let title = Self.name(metadata.title),
            let artist = Self.name(metadata.artistCredit ?? metadata.artists.joined(separator: ", "))
        else { return nil }
        self.init(artist: artist, title: title, startedAt: startedAt)
        album = Self.name(metadata.album)
        albumArtist = Self.name(metadata.albumArtists.joined(separator: ", "))
        trackNumber = metadata.trackNumber
        self.durationMs = durationMs
        recordingID = Self.name(metadata.musicBrainz.recording)
        releaseID = Self.name(metadata.musicBrainz.release)
        artistIDs = metadata.musicBrainz.artists.prefix(Self.maxArtistIDs).compactMap(Self.name)
    }

    private static func name(_ text: String?) -> String? {
        guard let text, text.contains(where: { !$0.isWhitespace }) else { return nil }
        return String(text.prefix(maxNameCharacters))
    }
}
