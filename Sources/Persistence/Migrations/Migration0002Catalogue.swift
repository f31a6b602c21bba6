extension Migration {
    /// The library: what is known of files, what was derived from it, and what was heard and computed by content.
    static let catalogue = Migration(
        version: 2, name: "catalogue",
        sqlite: Script(up: places + tracks + derived + content + scanning, down: catalogueDrops),
        postgres: Script(
            up: postgresPlaces + postgresTracks + postgresDerived + postgresContent + postgresScanning,
            down: catalogueDrops))

    private static let catalogueDrops = [
        "DROP TABLE scan_candidate", "DROP TABLE rejected_file", "DROP TABLE vector_change",
        "DROP TABLE catalogue_counter", "DROP TABLE embedding", "DROP TABLE analysis", "DROP TABLE track_search",
        "DROP TABLE track_genre", "DROP TABLE track_artist", "DROP TABLE track", "DROP TABLE tally",
        "DROP TABLE cover", "DROP TABLE genre", "DROP TABLE album", "DROP TABLE artist", "DROP TABLE folder",
    ]

    private static let places = [
        "CREATE TABLE folder (id INTEGER PRIMARY KEY, path BLOB NOT NULL UNIQUE) STRICT",
        """
        CREATE TABLE artist (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            key TEXT NOT NULL UNIQUE,
            name TEXT NOT NULL DEFAULT '',
            name_key TEXT NOT NULL DEFAULT '',
            sort_name TEXT,
            musicbrainz_id TEXT) STRICT
        """,
        "CREATE INDEX artist_name ON artist (name_key, id)",
        """
        CREATE TABLE album (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            key TEXT NOT NULL UNIQUE,
            title TEXT NOT NULL DEFAULT '',
            title_key TEXT NOT NULL DEFAULT '',
            artist TEXT,
            year INTEGER,
            cover_hash TEXT,
            musicbrainz_id TEXT) STRICT
        """,
        "CREATE INDEX album_title ON album (title_key, id)",
        """
        CREATE TABLE genre (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            key TEXT NOT NULL UNIQUE,
            name TEXT NOT NULL DEFAULT '') STRICT
        """,
        """
        CREATE TABLE cover (
            hash TEXT PRIMARY KEY,
            media_type TEXT NOT NULL,
            uses INTEGER NOT NULL,
            data BLOB NOT NULL) STRICT
        """,
    ]

    /// `pending` is the next stage of a track that did not get through all of them: 1 analysis, 2 vector.
    ///
    /// Facts first and the long text last: comparing a folder reads no overflow page. No foreign keys for covers and
    /// genres: removing one would read every track, or take one more index in each insert.
    private static let tracks = [
        """
        CREATE TABLE track (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            folder_id INTEGER NOT NULL REFERENCES folder (id),
            name BLOB NOT NULL,
            state INTEGER NOT NULL CHECK (state IN (0, 1)),
            size INTEGER NOT NULL,
            mtime_ns INTEGER NOT NULL,
            inode INTEGER NOT NULL,
            device INTEGER NOT NULL,
            album_id INTEGER REFERENCES album (id),
            content_key TEXT,
            pending INTEGER CHECK (pending IN (1, 2)),
            cover_hash TEXT,
            added_at INTEGER NOT NULL,
            indexed_at INTEGER NOT NULL,
            title TEXT,
            artist TEXT,
            year INTEGER,
            disc_number INTEGER,
            track_number INTEGER,
            duration_ms INTEGER,
            codec TEXT NOT NULL,
            details TEXT NOT NULL,
            UNIQUE (folder_id, name)) STRICT
        """,
        // By time first: the files of one album were mostly written one after the other, so that their rows stand
        // together and one commit of a scan writes few pages.
        "CREATE INDEX track_facts ON track (mtime_ns, size)",
        "CREATE INDEX track_album ON track (album_id) WHERE album_id IS NOT NULL",
        "CREATE INDEX track_content ON track (content_key, state) WHERE content_key IS NOT NULL",
        "CREATE INDEX track_pending ON track (pending) WHERE pending IS NOT NULL",
        "CREATE INDEX track_missing ON track (size, mtime_ns) WHERE state = 1",
    ]

    /// Rows that follow from the tracks. `tally` counts how many tracks say what of an artist, album or genre, so
    /// that the name that most tracks use is known without reading them all.
    private static let derived = [
        """
        CREATE TABLE track_artist (
            track_id INTEGER NOT NULL REFERENCES track (id),
            role INTEGER NOT NULL CHECK (role IN (0, 1)),
            position INTEGER NOT NULL,
            artist_id INTEGER NOT NULL REFERENCES artist (id),
            credited_as TEXT NOT NULL,
            PRIMARY KEY (track_id, role, position)) STRICT, WITHOUT ROWID
        """,
        "CREATE INDEX track_artist_artist ON track_artist (artist_id, track_id)",
        """
        CREATE TABLE track_genre (
            track_id INTEGER NOT NULL REFERENCES track (id),
            genre_id INTEGER NOT NULL,
            PRIMARY KEY (track_id, genre_id)) STRICT, WITHOUT ROWID
        """,
        """
        CREATE TABLE tally (
            owner_kind INTEGER NOT NULL CHECK (owner_kind IN (0, 1, 2)),
            owner_id INTEGER NOT NULL,
            field INTEGER NOT NULL,
            value TEXT NOT NULL,
            uses INTEGER NOT NULL,
            PRIMARY KEY (owner_kind, owner_id, field, value)) STRICT, WITHOUT ROWID
        """,
        """
        CREATE VIRTUAL TABLE track_search USING fts5(
            title, artist, album, genre, tokenize = "unicode61 remove_diacritics 2")
        """,
    ]

    private static let content = [
        """
        CREATE TABLE analysis (
            content_key TEXT NOT NULL,
            version TEXT NOT NULL,
            status TEXT NOT NULL,
            duration_ms INTEGER NOT NULL,
            sample_rate INTEGER NOT NULL,
            channels INTEGER NOT NULL,
            loudness_lufs REAL,
            loudness_range_lu REAL,
            sample_peak_db REAL,
            true_peak_db REAL,
            tempo_bpm REAL,
            tempo_alternative_bpm REAL,
            tempo_confidence REAL,
            musical_key TEXT,
            musical_key_alternative TEXT,
            musical_key_confidence REAL,
            tuning_cents REAL,
            analyzed_at INTEGER NOT NULL,
            features BLOB,
            PRIMARY KEY (content_key, version)) STRICT
        """,
        """
        CREATE TABLE embedding (
            content_key TEXT NOT NULL,
            model TEXT NOT NULL,
            computed_at INTEGER NOT NULL,
            vector BLOB NOT NULL,
            PRIMARY KEY (content_key, model)) STRICT
        """,
        """
        CREATE TABLE vector_change (
            seq INTEGER PRIMARY KEY AUTOINCREMENT,
            track_id INTEGER NOT NULL UNIQUE) STRICT
        """,
        "CREATE TABLE catalogue_counter (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID",
    ]

    private static let scanning = [
        """
        CREATE TABLE rejected_file (
            folder_id INTEGER NOT NULL REFERENCES folder (id),
            name BLOB NOT NULL,
            size INTEGER NOT NULL,
            mtime_ns INTEGER NOT NULL,
            reason TEXT NOT NULL,
            message TEXT NOT NULL,
            rejected_at INTEGER NOT NULL,
            PRIMARY KEY (folder_id, name)) STRICT, WITHOUT ROWID
        """,
        """
        CREATE TABLE scan_candidate (
            scan_id INTEGER NOT NULL,
            folder_path BLOB NOT NULL,
            name BLOB NOT NULL,
            kind INTEGER NOT NULL CHECK (kind IN (0, 1)),
            track_id INTEGER,
            size INTEGER NOT NULL,
            mtime_ns INTEGER NOT NULL,
            inode INTEGER NOT NULL,
            device INTEGER NOT NULL,
            PRIMARY KEY (scan_id, kind, folder_path, name)) STRICT, WITHOUT ROWID
        """,
    ]

    // MARK: PostgreSQL

    private static let postgresPlaces = [
        "CREATE TABLE folder (id BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY, path BYTEA NOT NULL)",
        "CREATE UNIQUE INDEX folder_path ON folder (sha256(path))",
        // For folders below a folder; a path may be longer than an index entry.
        "CREATE INDEX folder_place ON folder (substr(path, 1, 1024))",
        """
        CREATE TABLE artist (
            id BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY, key TEXT COLLATE "C" NOT NULL UNIQUE,
            name TEXT NOT NULL DEFAULT '', name_key TEXT COLLATE "C" NOT NULL DEFAULT '', sort_name TEXT,
            musicbrainz_id TEXT)
        """,
        "CREATE INDEX artist_name ON artist (name_key, id)",
        """
        CREATE TABLE album (
            id BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY, key TEXT COLLATE "C" NOT NULL UNIQUE,
            title TEXT NOT NULL DEFAULT '', title_key TEXT COLLATE "C" NOT NULL DEFAULT '', artist TEXT, year BIGINT,
            cover_hash TEXT, musicbrainz_id TEXT)
        """,
        "CREATE INDEX album_title ON album (title_key, id)",
        """
        CREATE TABLE genre (
            id BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY, key TEXT COLLATE "C" NOT NULL UNIQUE,
            name TEXT NOT NULL DEFAULT '')
        """,
        """
        CREATE TABLE cover (
            hash TEXT COLLATE "C" PRIMARY KEY, media_type TEXT NOT NULL, uses BIGINT NOT NULL, data BYTEA NOT NULL)
        """,
    ]

    private static let postgresTracks = [
        """
        CREATE TABLE track (
            id BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY, folder_id BIGINT NOT NULL REFERENCES folder (id),
            name BYTEA NOT NULL, state SMALLINT NOT NULL CHECK (state IN (0, 1)), size BIGINT NOT NULL,
            mtime_ns BIGINT NOT NULL, inode BIGINT NOT NULL, device BIGINT NOT NULL,
            album_id BIGINT REFERENCES album (id), content_key TEXT COLLATE "C",
            pending SMALLINT CHECK (pending IN (1, 2)), cover_hash TEXT, added_at BIGINT NOT NULL,
            indexed_at BIGINT NOT NULL, title TEXT, artist TEXT, year BIGINT, disc_number BIGINT, track_number BIGINT,
            duration_ms BIGINT, codec TEXT NOT NULL, details TEXT NOT NULL, UNIQUE (folder_id, name))
        """,
        "CREATE INDEX track_facts ON track (mtime_ns, size)",
        "CREATE INDEX track_album ON track (album_id) WHERE album_id IS NOT NULL",
        "CREATE INDEX track_content ON track (content_key, state) WHERE content_key IS NOT NULL",
        "CREATE INDEX track_pending ON track (pending) WHERE pending IS NOT NULL",
        "CREATE INDEX track_missing ON track (size, mtime_ns) WHERE state = 1",
    ]

    private static let postgresDerived = [
        """
        CREATE TABLE track_artist (
            track_id BIGINT NOT NULL REFERENCES track (id), role SMALLINT NOT NULL CHECK (role IN (0, 1)),
            position INTEGER NOT NULL, artist_id BIGINT NOT NULL REFERENCES artist (id), credited_as TEXT NOT NULL,
            PRIMARY KEY (track_id, role, position))
        """,
        "CREATE INDEX track_artist_artist ON track_artist (artist_id, track_id)",
        """
        CREATE TABLE track_genre (
            track_id BIGINT NOT NULL REFERENCES track (id), genre_id BIGINT NOT NULL,
            PRIMARY KEY (track_id, genre_id))
        """,
        """
        CREATE TABLE tally (
            owner_kind SMALLINT NOT NULL CHECK (owner_kind IN (0, 1, 2)), owner_id BIGINT NOT NULL,
            field SMALLINT NOT NULL, value TEXT COLLATE "C" NOT NULL, uses BIGINT NOT NULL,
            PRIMARY KEY (owner_kind, owner_id, field, value))
        """,
        // The words are folded before they come here: `SearchText`.
        "CREATE TABLE track_search (track_id BIGINT PRIMARY KEY, words TSVECTOR NOT NULL)",
        "CREATE INDEX track_search_words ON track_search USING gin (words)",
    ]

    private static let postgresContent = [
        """
        CREATE TABLE analysis (
            content_key TEXT COLLATE "C" NOT NULL, version TEXT COLLATE "C" NOT NULL, status TEXT NOT NULL,
            duration_ms BIGINT NOT NULL, sample_rate BIGINT NOT NULL, channels BIGINT NOT NULL,
            loudness_lufs DOUBLE PRECISION, loudness_range_lu DOUBLE PRECISION, sample_peak_db DOUBLE PRECISION,
            true_peak_db DOUBLE PRECISION, tempo_bpm DOUBLE PRECISION, tempo_alternative_bpm DOUBLE PRECISION,
            tempo_confidence DOUBLE PRECISION, musical_key TEXT, musical_key_alternative TEXT,
            musical_key_confidence DOUBLE PRECISION, tuning_cents DOUBLE PRECISION, analyzed_at BIGINT NOT NULL,
            features BYTEA, PRIMARY KEY (content_key, version))
        """,
        """
        CREATE TABLE embedding (
            content_key TEXT COLLATE "C" NOT NULL, model TEXT COLLATE "C" NOT NULL, computed_at BIGINT NOT NULL,
            vector BYTEA NOT NULL, PRIMARY KEY (content_key, model))
        """,
        "CREATE TABLE vector_change (seq BIGINT PRIMARY KEY, track_id BIGINT NOT NULL UNIQUE)",
        "CREATE TABLE catalogue_counter (name TEXT COLLATE \"C\" PRIMARY KEY, value BIGINT NOT NULL)",
    ]

    private static let postgresScanning = [
        """
        CREATE TABLE rejected_file (
            folder_id BIGINT NOT NULL REFERENCES folder (id), name BYTEA NOT NULL, size BIGINT NOT NULL,
            mtime_ns BIGINT NOT NULL, reason TEXT NOT NULL, message TEXT NOT NULL, rejected_at BIGINT NOT NULL,
            PRIMARY KEY (folder_id, name))
        """,
        """
        CREATE TABLE scan_candidate (
            scan_id BIGINT NOT NULL, folder_path BYTEA NOT NULL, name BYTEA NOT NULL,
            kind SMALLINT NOT NULL CHECK (kind IN (0, 1)), track_id BIGINT, size BIGINT NOT NULL,
            mtime_ns BIGINT NOT NULL, inode BIGINT NOT NULL, device BIGINT NOT NULL)
        """,
        "CREATE UNIQUE INDEX scan_candidate_file ON scan_candidate (scan_id, kind, sha256(folder_path), name)",
    ]
}
