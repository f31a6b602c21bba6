import Domain

extension Shape where Value == Playlist {
    static let playlist = Shape.object("Playlist") {
        Field("id", .integer) { $0.id }
        Field("name", .text) { $0.name }
        Field("comment", .text, "Empty without one.") { $0.comment }
        Field("owner_id", .integer, "The account that may change it.") { $0.ownerID }
        Field("owner", .text, "That account's name.") { $0.ownerName }
        Field("public", .flag, "True: every account may read it.") { $0.isPublic }
        Field("track_count", .count) { $0.trackCount }
        Field("duration_ms", .integer, "Of all entries whose length is known.") { $0.durationMs }
        Field("created_at", .time) { $0.createdAt }
        Field("changed_at", .time) { $0.changedAt }
        Field("version", .integer, "Another one after each change.") { $0.changedAt }
        Field(optional: "cover", .text, "URL of the picture: of its first track with one.") {
            $0.coverHash.map(CoverURL.of)
        }
        Field(optional: "origin", .playlistOrigin, "The file of the library that it comes from.") { $0.origin }
    }
}

extension Shape where Value == PlaylistOrigin {
    static let playlistOrigin = Shape.object("PlaylistOrigin") {
        Field("path", .path) { $0.path }
        Field("entry_count", .count, "What the file lists.") { $0.entryCount }
        Field("missing_count", .count, "Entries of the file that the library does not have.") { $0.missingCount }
        Field("imported_at", .time) { $0.importedAt }
        Field("edited", .flag, "True: people changed it since, and the file does not overwrite what they did.") {
            $0.isEdited
        }
    }
}

/// A place of a playlist or of a play queue, with its track.
struct ListedTrack: Sendable {
    let position: Int
    var track: Track
}

extension Shape where Value == ListedTrack {
    static let listedTrack = Shape.object("ListedTrack") {
        Field("position", .count, "The first is 0.") { $0.position }
        Field("track", .track) { $0.track }
    }
}

extension Shape where Value == PlayQueue {
    static let playQueue = Shape.object("PlayQueue") {
        Field("track_ids", Shape<Int64>.integer.list) { $0.trackIDs }
        Field("current_index", .count, "Of the track that plays; the first is 0.") { $0.currentIndex }
        Field("position_ms", .integer, "Within that track.") { $0.positionMs }
        Field(optional: "changed_at", .time, "Null when nothing was saved.") { $0.changedAt == 0 ? nil : $0.changedAt }
        Field("version", .integer, "Another one after each change; 0 when nothing was saved.") { $0.changedAt }
        Field("changed_by", .text, "The player that saved it.") { $0.changedBy }
    }
}

extension Shape where Value == Lyrics {
    static let lyrics = Shape.object("Lyrics") {
        Field("origin", Shape<Lyrics.Origin>.choice, "file: a file beside the music. tag: a tag of its file.") {
            $0.origin
        }
        Field("synced", .flag, "True: every line has its time.") { $0.isSynced }
        Field("offset_ms", .integer, "By so much all lines come sooner; later when it is negative.") { $0.offsetMs }
        Field(optional: "language", .text, "As the source has it.") { $0.language }
        Field(optional: "artist", .text, "As the source has it.") { $0.displayArtist }
        Field(optional: "title", .text, "As the source has it.") { $0.displayTitle }
        Field("lines", Shape<Lyrics.Line>.lyricsLine.list, "By time when they are synced.") { $0.lines }
    }
}

extension Shape where Value == Lyrics.Line {
    static let lyricsLine = Shape.object("LyricsLine") {
        Field(optional: "start_ms", .integer, "From the beginning of the track.") { $0.startMs }
        Field("text", .text, "Empty for a pause.") { $0.text }
    }
}
