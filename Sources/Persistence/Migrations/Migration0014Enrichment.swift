extension Migration {
    /// What services outside said of tracks, albums and artists: a row for each of them and each service, also where it
    /// knows nothing. `asked` is the hash of the question: the answer to another one does not count.
    static let enrichment = Migration(
        version: 14, name: "enrichment",
        sqlite: Script(
            up: [
                """
                CREATE TABLE enrichment (
                    kind TEXT NOT NULL CHECK (kind IN ('track', 'album', 'artist')), subject_id INTEGER NOT NULL,
                    source TEXT NOT NULL, language TEXT, asked TEXT NOT NULL,
                    found INTEGER NOT NULL CHECK (found IN (0, 1)), musicbrainz_id TEXT, listeners INTEGER,
                    plays INTEGER, facts TEXT NOT NULL, fetched_at INTEGER NOT NULL, expires_at INTEGER NOT NULL,
                    PRIMARY KEY (kind, subject_id, source)) STRICT
                """
            ], down: dropEnrichment),
        postgres: Script(
            up: [
                """
                CREATE TABLE enrichment (
                    kind TEXT COLLATE "C" NOT NULL CHECK (kind IN ('track', 'album', 'artist')),
                    subject_id BIGINT NOT NULL, source TEXT COLLATE "C" NOT NULL, language TEXT COLLATE "C",
                    asked TEXT COLLATE "C" NOT NULL, found BIGINT NOT NULL CHECK (found IN (0, 1)),
                    musicbrainz_id TEXT COLLATE "C", listeners BIGINT, plays BIGINT, facts TEXT NOT NULL,
                    fetched_at BIGINT NOT NULL, expires_at BIGINT NOT NULL, PRIMARY KEY (kind, subject_id, source))
                """
            ], down: dropEnrichment))

    private static let dropEnrichment = ["DROP TABLE enrichment"]
}
