extension Migration {
    /// Which tracks have their file, in the order in which they came, without reading their rows. By id first: SQLite, which
    /// has no statistics, would take an index that begins with `state` for one that finds few.
    static let browsing = Migration(
        version: 21, name: "browsing", sqlite: Script(up: up, down: down), postgres: Script(up: up, down: down))

    private static let up = ["CREATE INDEX track_present ON track (id, state, album_id)"]
    private static let down = ["DROP INDEX track_present"]
}
