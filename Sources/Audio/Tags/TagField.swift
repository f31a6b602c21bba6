/// The fields that the library has a place of its own for. Every other field is kept under its name.
enum TagField: UInt8, CaseIterable {
    case title, album, artist, artists, albumArtist, albumArtists, genre
    case trackNumber, trackTotal, discNumber, discTotal
    case date, originalDate, originalYear, compilation, bpm, key
    case recordingID, releaseTrackID, releaseID, releaseGroupID, workID, artistIDs, albumArtistIDs
    case trackGain, albumGain, trackPeak, albumPeak
    case r128TrackGain, r128AlbumGain
    case rva2TrackGain, rva2AlbumGain, rva2TrackPeak, rva2AlbumPeak
}

/// What a tag's own name for a field stands for.
enum TagName: Hashable {
    case field(TagField)
    /// A canonical lower-case name.
    case other(String)
    /// Encoder settings, private data of programs: no description of the music.
    case ignored
}
