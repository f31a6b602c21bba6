extension Migration {
    /// What was fetched from outside: fronts of albums whose files hold none, and pieces of music.
    static let fetched = Migration(
        version: 15, name: "fetched",
        sqlite: Script(
            up: [
                // Without a hash nobody had a picture when it was looked for.
                """
                CREATE TABLE album_artwork (
                    album_id INTEGER PRIMARY KEY REFERENCES album (id), cover_hash TEXT, source TEXT, address TEXT,
                    width INTEGER, height INTEGER, problems TEXT NOT NULL DEFAULT '', checked_at INTEGER NOT NULL,
                    CHECK ((cover_hash IS NULL) = (source IS NULL))) STRICT
                """,
                """
                CREATE TABLE download (
                    download_id TEXT PRIMARY KEY, state TEXT NOT NULL CHECK (\(downloadStates)), question TEXT NOT NULL,
                    prefer TEXT NOT NULL, task_id INTEGER, plan TEXT NOT NULL, received_bytes INTEGER NOT NULL DEFAULT 0,
                    size_bytes INTEGER, message TEXT, path BLOB, created_at INTEGER NOT NULL,
                    updated_at INTEGER NOT NULL) STRICT
                """,
            ] + fetchedIndexes, down: fetchedDrops),
        postgres: Script(
            up: [
                """
                CREATE TABLE album_artwork (
                    album_id BIGINT PRIMARY KEY REFERENCES album (id), cover_hash TEXT COLLATE "C", source TEXT,
                    address TEXT, width BIGINT, height BIGINT, problems TEXT NOT NULL DEFAULT '',
                    checked_at BIGINT NOT NULL, CHECK ((cover_hash IS NULL) = (source IS NULL)))
                """,
                """
                CREATE TABLE download (
                    download_id TEXT COLLATE "C" PRIMARY KEY, state TEXT NOT NULL CHECK (\(downloadStates)),
                    question TEXT NOT NULL, prefer TEXT NOT NULL, task_id BIGINT, plan TEXT NOT NULL,
                    received_bytes BIGINT NOT NULL DEFAULT 0, size_bytes BIGINT, message TEXT, path BYTEA,
                    created_at BIGINT NOT NULL, updated_at BIGINT NOT NULL)
                """,
            ] + fetchedIndexes, down: fetchedDrops))

    private static let downloadStates =
        "state IN ('waiting', 'searching', 'downloading', 'checking', 'done', 'failed', 'cancelled')"

    private static let fetchedIndexes = [
        "CREATE INDEX album_coverless ON album (id) WHERE cover_hash IS NULL",
        "CREATE INDEX album_artwork_cover ON album_artwork (cover_hash) WHERE cover_hash IS NOT NULL",
        "CREATE INDEX download_created ON download (created_at, download_id)",
    ]

    private static let fetchedDrops = [
        "DROP INDEX album_coverless", "DROP TABLE download", "DROP TABLE album_artwork",
    ]
}
