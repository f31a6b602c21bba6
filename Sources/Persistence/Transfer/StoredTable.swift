/// A table of the schema, as far as copying and comparing needs to know it.
struct StoredTable: Sendable {
    let name: String
    /// The columns that tell rows apart, in the order in which rows are read on every engine.
    let key: [String]
    /// Rows that are read and written at once.
    let chunk: Int

    private init(_ name: String, key: [String] = ["id"], chunk: Int = 400) {
        self.name = name
        self.key = key
        self.chunk = chunk
    }

    /// Every table but two: `schema_migration` belongs to the migrator, and `track_search` follows from the tracks.
    /// What others refer to comes first.
    static let all: [StoredTable] = [
        StoredTable("library_root"),
        StoredTable("scan"),
        StoredTable("scan_progress", key: ["scan_id", "worker_id"]),
        StoredTable("task"),
        StoredTable("task_run", key: ["task_id", "run"]),
        StoredTable("task_dead"),
        StoredTable("task_ended", key: ["kind", "shard"]),
        StoredTable("task_event"),
        StoredTable("task_period", key: ["span", "start", "kind", "writer"]),
        StoredTable("queue_period", key: ["span", "start", "role", "writer"]),
        StoredTable("announcement"),
        StoredTable("untold_death", key: ["kind", "fingerprint"]),
        StoredTable("worker"),
        StoredTable("queue_control", key: ["role"]),
        StoredTable("idempotency", key: ["key"]),
        StoredTable("account"),
        StoredTable("token"),
        StoredTable("account_secret", key: ["account_id", "name"]),
        StoredTable("service_connection", key: ["account_id", "service"]),
        StoredTable("webhook"),
        StoredTable("folder"),
        StoredTable("artist"),
        StoredTable("album"),
        StoredTable("genre"),
        // An image may have megabytes.
        StoredTable("cover", key: ["hash"], chunk: 8),
        StoredTable("album_artwork", key: ["album_id"]),
        StoredTable("track", chunk: 100),
        StoredTable("track_artist", key: ["track_id", "role", "position"]),
        StoredTable("track_genre", key: ["track_id", "genre_id"]),
        StoredTable("track_trait", key: ["track_id"]),
        StoredTable("play"),
        StoredTable("track_mark", key: ["account_id", "track_id"]),
        StoredTable("album_mark", key: ["account_id", "album_id"]),
        StoredTable("artist_mark", key: ["account_id", "artist_id"]),
        StoredTable("listen"),
        StoredTable("playlist"),
        StoredTable("playlist_entry", key: ["playlist_id", "position"]),
        StoredTable("playlist_file", key: ["folder_id", "name"]),
        StoredTable("play_queue", key: ["account_id"]),
        StoredTable("play_queue_entry", key: ["account_id", "position"]),
        StoredTable("tally", key: ["owner_kind", "owner_id", "field", "value"]),
        StoredTable("analysis", key: ["content_key", "version"], chunk: 100),
        StoredTable("embedding", key: ["content_key", "model"]),
        StoredTable("embedding_space"),
        StoredTable("text_embedding", key: ["text_hash", "space_id"]),
        StoredTable("track_text", key: ["track_id"]),
        StoredTable("recording", key: ["content_key"]),
        StoredTable("duplicate_pair", key: ["one", "other"]),
        StoredTable("map_basis", key: ["model"]),
        StoredTable("enrichment", key: ["kind", "subject_id", "source"], chunk: 100),
        StoredTable("vector_change", key: ["seq"]),
        StoredTable("catalogue_counter", key: ["name"]),
        StoredTable("rejected_file", key: ["folder_id", "name"]),
        StoredTable("service_gate", key: ["service", "host", "purpose"]),
        StoredTable("service_quota", key: ["service", "host"]),
        StoredTable("download", key: ["download_id"]),
        StoredTable("scan_candidate", key: ["scan_id", "kind", "folder_path", "name"]),
    ]
}
