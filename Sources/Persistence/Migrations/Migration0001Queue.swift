extension Migration {
    /// The queue: live tasks, their history, workers, scans, and what the API keeps beside them.
    static let queue = Migration(version: 1, name: "queue", up: queueTables + queueIndexes, down: queueDrops)

    /// Times are microseconds since the epoch, but for `lease_until` and `deadline_at`, which are microseconds of the
    /// lease clock. Paths are bytes.
    private static let queueTables = [
        """
        CREATE TABLE library_root (
            id INTEGER PRIMARY KEY, path BLOB NOT NULL UNIQUE, created_at INTEGER NOT NULL) STRICT
        """,
        """
        CREATE TABLE scan (
            id INTEGER PRIMARY KEY, uuid TEXT NOT NULL UNIQUE, path BLOB NOT NULL, root_path BLOB NOT NULL,
            mode TEXT NOT NULL CHECK (mode IN ('quick', 'full')), lane INTEGER NOT NULL CHECK (lane BETWEEN 0 AND 2),
            until TEXT NOT NULL CHECK (until IN ('index', 'analysis', 'vector')),
            accept_missing INTEGER NOT NULL DEFAULT 0, task_id INTEGER,
            folders INTEGER NOT NULL DEFAULT 0, found INTEGER NOT NULL DEFAULT 0,
            unchanged INTEGER NOT NULL DEFAULT 0, refused INTEGER NOT NULL DEFAULT 0,
            moved INTEGER NOT NULL DEFAULT 0, missing INTEGER NOT NULL DEFAULT 0, notice TEXT, walk_failure TEXT,
            created_at INTEGER NOT NULL, started_at INTEGER, walked_at INTEGER, cancelled_at INTEGER,
            finished_at INTEGER) STRICT
        """,
        """
        CREATE TABLE scan_progress (
            scan_id INTEGER NOT NULL REFERENCES scan (id), worker_id INTEGER NOT NULL,
            tasks_queued INTEGER NOT NULL, tasks_done INTEGER NOT NULL, indexed INTEGER NOT NULL,
            analyzed INTEGER NOT NULL, vectorized INTEGER NOT NULL, cached INTEGER NOT NULL, failed INTEGER NOT NULL,
            PRIMARY KEY (scan_id, worker_id)) STRICT, WITHOUT ROWID
        """,
        // AUTOINCREMENT: a number is never given again, even when the newest task has left the table.
        """
        CREATE TABLE task (
            id INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, version INTEGER NOT NULL CHECK (version >= 1),
            state TEXT NOT NULL CHECK (state IN ('ready', 'running', 'scheduled', 'parked')),
            lane INTEGER NOT NULL CHECK (lane IN (0, 1, 2, 4, 5, 6)), payload TEXT NOT NULL,
            scan_id INTEGER REFERENCES scan (id), parent_id INTEGER, dedupe_key TEXT,
            runs INTEGER NOT NULL DEFAULT 0, failures INTEGER NOT NULL DEFAULT 0, crashes INTEGER NOT NULL DEFAULT 0,
            created_at INTEGER NOT NULL, run_at INTEGER, worker_id INTEGER, lease INTEGER, claimed_at INTEGER,
            deadline_at INTEGER, cancel_requested INTEGER NOT NULL DEFAULT 0,
            failure_reason TEXT, failure_message TEXT,
            CHECK ((state = 'running') = (lease IS NOT NULL)),
            CHECK ((state = 'running') = (worker_id IS NOT NULL)),
            CHECK ((state = 'running') = (deadline_at IS NOT NULL)),
            CHECK (state <> 'scheduled' OR run_at IS NOT NULL)) STRICT
        """,
        // One row per attempt; run 0 closes a task that was cancelled between attempts. The row that ends a task
        // also keeps what it was (kind … crashes), so that a finished task can still be shown.
        """
        CREATE TABLE task_run (
            task_id INTEGER NOT NULL, run INTEGER NOT NULL, ending TEXT NOT NULL, worker_id INTEGER,
            claimed_at INTEGER, finished_at INTEGER NOT NULL, failure_reason TEXT, failure_message TEXT,
            kind TEXT, version INTEGER, lane INTEGER, payload TEXT, scan_id INTEGER, parent_id INTEGER,
            created_at INTEGER, failures INTEGER, crashes INTEGER,
            CHECK (ending IN ('succeeded', 'retried', 'died', 'cancelled', 'released', 'lost', 'parked')),
            CHECK ((payload IS NOT NULL) = (ending IN ('succeeded', 'cancelled'))),
            PRIMARY KEY (task_id, run)) STRICT, WITHOUT ROWID
        """,
        """
        CREATE TABLE task_dead (
            id INTEGER PRIMARY KEY, kind TEXT NOT NULL, version INTEGER NOT NULL, lane INTEGER NOT NULL,
            payload TEXT NOT NULL, scan_id INTEGER, parent_id INTEGER, dedupe_key TEXT, runs INTEGER NOT NULL,
            failures INTEGER NOT NULL, crashes INTEGER NOT NULL, created_at INTEGER NOT NULL,
            failure_reason TEXT NOT NULL, failure_message TEXT NOT NULL, fingerprint INTEGER NOT NULL,
            dead_at INTEGER NOT NULL) STRICT
        """,
        """
        CREATE TABLE task_event (
            id INTEGER PRIMARY KEY, task_id INTEGER NOT NULL, at INTEGER NOT NULL, type TEXT NOT NULL,
            actor TEXT NOT NULL, detail TEXT NOT NULL) STRICT
        """,
        """
        CREATE TABLE worker (
            id INTEGER PRIMARY KEY, registration TEXT NOT NULL, boot_id TEXT NOT NULL, has_lock INTEGER NOT NULL,
            lease_until INTEGER NOT NULL, is_draining INTEGER NOT NULL DEFAULT 0, started_at INTEGER NOT NULL,
            seen_at INTEGER NOT NULL, ended_at INTEGER) STRICT
        """,
        """
        CREATE TABLE queue_control (
            role TEXT PRIMARY KEY, paused_at INTEGER NOT NULL, actor TEXT NOT NULL) STRICT, WITHOUT ROWID
        """,
        """
        CREATE TABLE idempotency (
            key TEXT PRIMARY KEY, request_hash BLOB NOT NULL, answer TEXT NOT NULL, created_at INTEGER NOT NULL)
            STRICT, WITHOUT ROWID
        """,
        """
        CREATE TABLE token (
            id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL,
            role TEXT NOT NULL CHECK (role IN ('user', 'worker', 'admin')), hash BLOB NOT NULL UNIQUE,
            created_at INTEGER NOT NULL, expires_at INTEGER, last_used_at INTEGER, revoked_at INTEGER) STRICT
        """,
    ]

    /// Every index of `task` is partial, so that a task pays only for the state it is in.
    private static let queueIndexes = [
        "CREATE INDEX task_ready ON task (kind, lane) WHERE state = 'ready'",
        "CREATE INDEX task_running ON task (worker_id, lane, deadline_at) WHERE state = 'running'",
        "CREATE INDEX task_later ON task (run_at) WHERE state = 'scheduled'",
        "CREATE INDEX task_scheduled ON task (kind, id) WHERE state = 'scheduled'",
        "CREATE INDEX task_parked ON task (kind, version) WHERE state = 'parked'",
        "CREATE INDEX task_parked_newest ON task (kind, id) WHERE state = 'parked'",
        "CREATE INDEX task_scan ON task (scan_id, kind, id) WHERE scan_id IS NOT NULL",
        "CREATE UNIQUE INDEX task_dedupe ON task (dedupe_key) WHERE dedupe_key IS NOT NULL",
        "CREATE INDEX task_dead_at ON task_dead (dead_at)",
        "CREATE INDEX task_dead_kind ON task_dead (kind, id)",
        "CREATE INDEX task_dead_scan ON task_dead (scan_id, kind, id) WHERE scan_id IS NOT NULL",
        "CREATE INDEX task_run_ended ON task_run (ending, kind, task_id) WHERE payload IS NOT NULL",
        "CREATE INDEX task_run_scan ON task_run (scan_id, ending, kind, task_id) WHERE scan_id IS NOT NULL",
        "CREATE INDEX task_event_task ON task_event (task_id)",
        "CREATE INDEX scan_open ON scan (id) WHERE finished_at IS NULL",
        "CREATE INDEX scan_finished ON scan (finished_at) WHERE finished_at IS NOT NULL",
        "CREATE INDEX scan_root ON scan (root_path, id)",
        "CREATE INDEX idempotency_age ON idempotency (created_at)",
    ]

    private static let queueDrops = [
        "token", "idempotency", "queue_control", "worker", "task_event", "task_dead", "task_run", "task",
        "scan_progress", "scan", "library_root",
    ].map { "DROP TABLE \($0)" }
}
