/// A genre as most of its tracks write it.
package struct Genre: Hashable, Sendable {
    package var id: Int64
    package var name: String
    /// Tracks that name it, those whose file is missing among them.
    package var trackCount: Int

    package init(id: Int64, name: String, trackCount: Int) {
        self.id = id
        self.name = name
        self.trackCount = trackCount
    }
}
