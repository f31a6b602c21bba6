import Domain

/// An album as players know it: an `AlbumID3`, or a folder of songs.
struct AlbumNode {
    let album: Album
    let mark: Mark?
    let heard: Heard
    /// Microseconds since the epoch.
    let addedAt: Int64
    /// What speaks for the rest.
    let first: Track?
    let credits: TrackCredits

    private var metadata: TrackMetadata? { first?.metadata }

    /// Whose album it is; those of its first track where it does not say.
    private var artists: [TrackCredits.Artist] {
        if !credits.albumArtists.isEmpty { return credits.albumArtists }
        return metadata?.isCompilation == true ? [] : credits.artists
    }

    private var artistID: String? { artists.first.map { SubsonicID.artist($0.id).description } }
    private var artistName: String? { album.artist ?? SongNode.joined(artists.map(\.name)) }
    private var cover: String? { album.coverHash.map { SubsonicID.cover($0).description } }

    var node: SubsonicNode {
        var node = SubsonicNode()
        node.set("id", SubsonicID.album(album.id).description)
        node.set("name", album.title)
        describe(&node)
        node.set("artistId", artistID)
        describeTags(&node)
        return node
    }

    var directory: SubsonicNode {
        var node = SubsonicNode()
        node.set("id", SubsonicID.album(album.id).description)
        node.set("parent", artistID)
        node.set("isDir", flag: true)
        node.set("title", album.title)
        node.set("name", album.title)
        node.set("album", album.title)
        describe(&node)
        node.set("artistId", artistID)
        node.set("albumId", SubsonicID.album(album.id).description)
        node.set("mediaType", "album")
        node.set("isVideo", flag: false)
        return node
    }

    private func describe(_ node: inout SubsonicNode) {
        node.set("artist", artistName)
        node.set("coverArt", cover)
        node.set("songCount", album.trackCount)
        node.set("duration", (album.durationMs + 500) / 1000)
        node.set("playCount", heard.plays)
        node.set("played", time: heard.lastPlayedAt)
        node.set("created", time: addedAt)
        node.set("starred", time: mark?.starredAt)
        node.set("userRating", mark?.rating)
        node.set("year", album.year)
        node.set("genre", metadata?.genres.first)
    }

    /// What OpenSubsonic adds.
    private func describeTags(_ node: inout SubsonicNode) {
        node.set("musicBrainzId", album.musicBrainzID)
        node.set("displayArtist", artistName)
        node.set("sortName", metadata?.extra["albumsort"]?.first)
        node.set("isCompilation", flag: metadata?.isCompilation)
        node.set(texts: metadata?.extra["releasetype"], "releaseTypes")
        node.set(texts: metadata?.extra["mood"], "moods")
        node.add("genres", .children(SubsonicNode.named(metadata?.genres ?? [])))
        node.add("artists", .children(artists.map(\.node)))
        node.add("recordLabels", .children(SubsonicNode.named(metadata?.extra["label"] ?? [])))
        if let date = Self.date(metadata?.originalDate) { node.add("originalReleaseDate", .child(date)) }
        if let date = Self.date(metadata?.date) { node.add("releaseDate", .child(date)) }
    }

    /// Of ISO 8601 with the precision that it has.
    private static func date(_ text: String?) -> SubsonicNode? {
        let parts = (text ?? "").split(separator: "-").map { Int($0) }
        guard let year = parts.first ?? nil else { return nil }
        var node = SubsonicNode()
        node.set("year", year)
        if parts.count > 1 { node.set("month", parts[1]) }
        if parts.count > 2 { node.set("day", parts[2]) }
        return node
    }
}

/// An artist as players know it: an `ArtistID3`, or a folder of albums.
struct ArtistNode {
    let artist: Artist
    let mark: Mark?

    private var id: String { SubsonicID.artist(artist.id).description }

    var node: SubsonicNode {
        var node = SubsonicNode()
        node.set("id", id)
        node.set("name", artist.name)
        node.set("coverArt", id)
        node.set("albumCount", artist.albumCount)
        node.set("starred", time: mark?.starredAt)
        node.set("userRating", mark?.rating)
        node.set("musicBrainzId", artist.musicBrainzID)
        node.set("sortName", artist.sortName)
        return node
    }

    var directory: SubsonicNode {
        var node = SubsonicNode()
        node.set("id", id)
        node.set("name", artist.name)
        node.set("starred", time: mark?.starredAt)
        node.set("userRating", mark?.rating)
        return node
    }
}
