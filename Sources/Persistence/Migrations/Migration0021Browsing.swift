extension Migration {
    /// The tracks whose file is there, in the order in which they came, with nothing of their rows. Not a partial index:
    /// SQLite reads the row to check its condition.
    static let browsing = Migration(
        version: 21, name: "browsing", sqlite: Script(up: up, down: down), postgres: Script(up: up, down: down))

    private static let up = ["CREATE INDEX track_present ON track (state, id, album_id)"]
    private static let down = ["DROP INDEX track_present"]
}
