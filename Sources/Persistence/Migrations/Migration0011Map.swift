extension Migration {
    /// The plane on which the library is drawn, by model; and sessions of browsers, which are tokens that follow from
    /// another one and end with it.
    static let map = Migration(
        version: 11, name: "map and sessions",
        sqlite: Script(
            up: [
                """
                CREATE TABLE map_basis (
                    model TEXT PRIMARY KEY, version INTEGER NOT NULL, vectors INTEGER NOT NULL,
                    computed_at INTEGER NOT NULL, mean BLOB NOT NULL, axes BLOB NOT NULL, spread REAL NOT NULL) STRICT
                """,
                "ALTER TABLE token ADD COLUMN parent_id INTEGER",
            ] + sessionIndex, down: mapDrops),
        postgres: Script(
            up: [
                """
                CREATE TABLE map_basis (
                    model TEXT COLLATE "C" PRIMARY KEY, version BIGINT NOT NULL, vectors BIGINT NOT NULL,
                    computed_at BIGINT NOT NULL, mean BYTEA NOT NULL, axes BYTEA NOT NULL,
                    spread DOUBLE PRECISION NOT NULL)
                """,
                "ALTER TABLE token ADD COLUMN parent_id BIGINT",
            ] + sessionIndex, down: mapDrops))

    private static let sessionIndex = ["CREATE INDEX token_parent ON token (parent_id) WHERE parent_id IS NOT NULL"]

    private static let mapDrops = [
        // A session would live on as a token of its own.
        "DELETE FROM token WHERE parent_id IS NOT NULL", "DROP INDEX token_parent",
        "ALTER TABLE token DROP COLUMN parent_id", "DROP TABLE map_basis",
    ]
}
