extension Migration {
    /// Tracks that are parts of their file: where they lie in it, and the sheet that says so. A part is a row whose name is
    /// the file's, a slash and its number (`PartName`).
    ///
    /// Down, parts stay as tracks that are missing, with all that hangs on them: the next scan finds the whole file again, and
    /// after a way up finds the parts.
    static let segments = Migration(
        version: 22, name: "segments", sqlite: Script(up: up("INTEGER"), down: down),
        postgres: Script(up: up("BIGINT"), down: down))

    private static func up(_ integer: String) -> [String] {
        [
            "ALTER TABLE track ADD COLUMN begin_us \(integer)",
            "ALTER TABLE track ADD COLUMN end_us \(integer)",
            // Of the sheet that made the row what it is, or that was refused for it.
            "ALTER TABLE track ADD COLUMN sheet_digest TEXT",
            // The sheet itself, as JSON: on the first part of a file.
            "ALTER TABLE track ADD COLUMN sheet TEXT",
            "ALTER TABLE scan_candidate ADD COLUMN cut TEXT",
        ]
    }

    private static let down = [
        "UPDATE track SET state = 1, pending = NULL WHERE begin_us IS NOT NULL",
        "ALTER TABLE scan_candidate DROP COLUMN cut",
        "ALTER TABLE track DROP COLUMN sheet",
        "ALTER TABLE track DROP COLUMN sheet_digest",
        "ALTER TABLE track DROP COLUMN end_us",
        "ALTER TABLE track DROP COLUMN begin_us",
    ]
}
