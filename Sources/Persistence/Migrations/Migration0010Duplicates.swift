extension Migration {
    /// Which contents are the same recording: found pair by pair, and the groups that follow from the pairs.
    ///
    /// `heard_at` is the analysis that was compared; 0 for a content that others were compared with, and that is to come.
    /// `group_key` is the smallest content key of all that hang together, `recording_key` that of those which surely do;
    /// null for what is alone.
    static let duplicates = Migration(
        version: 10, name: "duplicates",
        sqlite: Script(
            up: [
                """
                CREATE TABLE recording (
                    content_key TEXT PRIMARY KEY, heard_at INTEGER NOT NULL,
                    has_fingerprint INTEGER NOT NULL CHECK (has_fingerprint IN (0, 1)),
                    group_key TEXT, recording_key TEXT) STRICT, WITHOUT ROWID
                """,
                """
                CREATE TABLE duplicate_pair (
                    one TEXT NOT NULL REFERENCES recording (content_key),
                    other TEXT NOT NULL REFERENCES recording (content_key), bit_error_rate REAL, overlap_ms INTEGER,
                    offset_ms INTEGER, likeness REAL, PRIMARY KEY (one, other), CHECK (one < other),
                    CHECK ((bit_error_rate IS NULL) <> (likeness IS NULL))) STRICT, WITHOUT ROWID
                """,
            ] + duplicateIndexes, down: duplicateDrops),
        postgres: Script(
            up: [
                """
                CREATE TABLE recording (
                    content_key TEXT COLLATE "C" PRIMARY KEY, heard_at BIGINT NOT NULL,
                    has_fingerprint BIGINT NOT NULL CHECK (has_fingerprint IN (0, 1)),
                    group_key TEXT COLLATE "C", recording_key TEXT COLLATE "C")
                """,
                """
                CREATE TABLE duplicate_pair (
                    one TEXT COLLATE "C" NOT NULL REFERENCES recording (content_key),
                    other TEXT COLLATE "C" NOT NULL REFERENCES recording (content_key),
                    bit_error_rate DOUBLE PRECISION, overlap_ms BIGINT, offset_ms BIGINT, likeness DOUBLE PRECISION,
                    PRIMARY KEY (one, other), CHECK (one < other),
                    CHECK ((bit_error_rate IS NULL) <> (likeness IS NULL)))
                """,
            ] + duplicateIndexes, down: duplicateDrops))

    private static let duplicateIndexes = [
        "CREATE INDEX recording_group ON recording (group_key) WHERE group_key IS NOT NULL",
        "CREATE INDEX duplicate_pair_other ON duplicate_pair (other)",
    ]

    private static let duplicateDrops = ["DROP TABLE duplicate_pair", "DROP TABLE recording"]
}
