extension Migration {
    /// Which scan counted a track missing, so that the count can be taken back when the file turns up.
    static let missingScan = Migration(
        version: 4, name: "missing scan",
        sqlite: Script(up: ["ALTER TABLE track ADD COLUMN missing_scan INTEGER"], down: missingScanDrops),
        postgres: Script(up: ["ALTER TABLE track ADD COLUMN missing_scan BIGINT"], down: missingScanDrops))

    private static let missingScanDrops = ["ALTER TABLE track DROP COLUMN missing_scan"]
}
