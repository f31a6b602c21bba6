extension Migration {
    /// By whose name an album is sorted, folded as the names of artists are. What stands here already takes the key of the
    /// artist of that name; an album that several made together waits for its next change.
    static let albumOrder = Migration(
        version: 23, name: "album order",
        sqlite: Script(up: ["ALTER TABLE album ADD COLUMN artist_key TEXT NOT NULL DEFAULT ''"] + fill, down: down),
        postgres: Script(
            up: [#"ALTER TABLE album ADD COLUMN artist_key TEXT COLLATE "C" NOT NULL DEFAULT ''"#] + fill, down: down))

    private static let fill = [
        "UPDATE album SET artist_key = substr(lower(artist), 1, 200) WHERE artist IS NOT NULL",
        """
        UPDATE album SET artist_key = substr(artist.name_key, 1, 200) FROM artist WHERE artist.name = album.artist
        """,
    ]

    private static let down = ["ALTER TABLE album DROP COLUMN artist_key"]
}
