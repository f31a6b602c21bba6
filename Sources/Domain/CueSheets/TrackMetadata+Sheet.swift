extension TrackMetadata {
    /// The tags of a file where a sheet keeps silent, and what the sheet says over them: what a part of the file is.
    package func part(_ part: SheetPart, of album: SheetAlbum) -> TrackMetadata {
        var metadata = self
        // What the file says of itself as a whole is true of no part.
        metadata.title = part.title ?? "Track \(part.number)"
        metadata.musicBrainz.recording = nil
        metadata.musicBrainz.releaseTrack = nil
        metadata.musicBrainz.work = nil
        metadata.bpm = nil
        metadata.key = nil
        for name in Self.ofTheWhole { metadata.extra[name] = nil }
        metadata.replayGain.trackGainDb = part.gainDb
        metadata.replayGain.trackPeak = part.peak
        metadata.replayGain.albumGainDb = album.gainDb ?? replayGain.albumGainDb
        metadata.replayGain.albumPeak = album.peak ?? replayGain.albumPeak
        metadata.trackNumber = part.number
        metadata.trackTotal = album.trackTotal ?? trackTotal
        metadata.discNumber = album.discNumber ?? discNumber
        metadata.discTotal = album.discTotal ?? discTotal
        metadata.album = album.title ?? self.album ?? title
        metadata.date = album.date ?? date
        if let genre = album.genre { metadata.genres = [genre] }
        if let name = part.artist ?? album.artist { metadata.creditArtist(name) }
        if let name = album.artist, name != albumArtists.first {
            metadata.albumArtists = [name]
            metadata.musicBrainz.albumArtists = []
            metadata.extra["albumartistsort"] = nil
        }
        if let isrc = part.isrc { metadata.extra["isrc"] = [isrc] }
        if let writer = part.songwriter ?? album.songwriter { metadata.extra["composer"] = [writer] }
        if let catalog = album.catalog { metadata.extra["barcode"] = [catalog] }
        return metadata
    }

    /// Fields of the whole file, by their canonical names.
    private static let ofTheWhole = ["cuesheet", "lyrics", "unsyncedlyrics", "syncedlyrics", "isrc"]

    /// Sort names and ids belong to the names that they stand beside.
    private mutating func creditArtist(_ name: String) {
        guard artistCredit ?? artists.first != name else { return }
        artists = [name]
        artistCredit = nil
        musicBrainz.artists = []
        extra["artistsort"] = nil
    }
}
