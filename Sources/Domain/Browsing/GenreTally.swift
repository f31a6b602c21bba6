/// A genre with what there is of it.
package struct GenreTally: Hashable, Sendable {
    package var name: String
    package var tracks: Int
    /// Albums that have such a track.
    package var albums: Int

    package init(name: String, tracks: Int, albums: Int) {
        self.name = name
        self.tracks = tracks
        self.albums = albums
    }
}
