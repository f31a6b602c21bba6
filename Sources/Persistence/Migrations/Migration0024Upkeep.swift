extension Migration {
    /// How library roots are kept up to date, and who wanted a scan.
    static let upkeep = Migration(
        version: 24, name: "upkeep",
        sqlite: Script(
            up: [
                "ALTER TABLE library_root ADD COLUMN watches INTEGER NOT NULL DEFAULT 1",
                "ALTER TABLE library_root ADD COLUMN schedule TEXT NOT NULL DEFAULT 'auto'",
                "ALTER TABLE scan ADD COLUMN cause TEXT NOT NULL DEFAULT 'request'",
                "ALTER TABLE scan ADD COLUMN is_shallow INTEGER NOT NULL DEFAULT 0",
            ] + indexes, down: down),
        postgres: Script(
            up: [
                "ALTER TABLE library_root ADD COLUMN watches SMALLINT NOT NULL DEFAULT 1",
                "ALTER TABLE library_root ADD COLUMN schedule TEXT NOT NULL DEFAULT 'auto'",
                "ALTER TABLE scan ADD COLUMN cause TEXT NOT NULL DEFAULT 'request'",
                "ALTER TABLE scan ADD COLUMN is_shallow SMALLINT NOT NULL DEFAULT 0",
            ] + indexes, down: down))

    /// Watched roots have a scan for each change: the last whole one, and those of a moment, are found without them.
    private static let indexes = [
        "CREATE INDEX scan_whole ON scan (root_path, id) WHERE path = root_path AND is_shallow = 0",
        "CREATE INDEX scan_created ON scan (created_at)",
    ]

    private static let down = [
        "DROP INDEX scan_whole",
        "DROP INDEX scan_created",
        "ALTER TABLE library_root DROP COLUMN watches",
        "ALTER TABLE library_root DROP COLUMN schedule",
        "ALTER TABLE scan DROP COLUMN cause",
        "ALTER TABLE scan DROP COLUMN is_shallow",
    ]
}
