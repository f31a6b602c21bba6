extension Migration {
    /// The queue: live tasks, their history, workers, scans, and what the API keeps beside them.
    static let queue = Migration(
        version: 1, name: "queue", sqlite: Script(up: queueTables + queueIndexes, down: queueDrops),
        postgres: Script(up: postgresQueueTables + postgresQueueIndexes, down: queueDrops))

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

    // MARK: PostgreSQL

    /// Rows of `task` live for seconds: half-filled pages keep their updates near, and dead rows are swept often.
    private static let hotTable = """
        WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000,
            autovacuum_analyze_scale_factor = 0, autovacuum_analyze_threshold = 20000,
            autovacuum_vacuum_cost_delay = 0)
        """

    /// Texts that are compared or indexed have the collation "C": by byte, as in SQLite. Long paths are unique by
    /// their hash, since an entry of an index ends at 2,704 bytes. Tasks and ledgers name their scan without a foreign
    /// key: a scan goes long after its last task, and looking it up for each task would cost as much as the insert.
    private static let postgresQueueTables = [
        """
        CREATE TABLE library_root (
            id BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY, created_at BIGINT NOT NULL, path BYTEA NOT NULL)
        """,
        """
        CREATE TABLE scan (
            id BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY, uuid TEXT COLLATE "C" NOT NULL UNIQUE,
            path BYTEA NOT NULL, root_path BYTEA NOT NULL,
            mode TEXT NOT NULL CHECK (mode IN ('quick', 'full')), lane BIGINT NOT NULL CHECK (lane BETWEEN 0 AND 2),
            until TEXT NOT NULL CHECK (until IN ('index', 'analysis', 'vector')),
            accept_missing SMALLINT NOT NULL DEFAULT 0, task_id BIGINT, folders BIGINT NOT NULL DEFAULT 0,
            found BIGINT NOT NULL DEFAULT 0, unchanged BIGINT NOT NULL DEFAULT 0, refused BIGINT NOT NULL DEFAULT 0,
            moved BIGINT NOT NULL DEFAULT 0, missing BIGINT NOT NULL DEFAULT 0, notice TEXT, walk_failure TEXT,
            created_at BIGINT NOT NULL, started_at BIGINT, walked_at BIGINT, cancelled_at BIGINT, finished_at BIGINT)
            WITH (fillfactor = 70)
        """,
        """
        CREATE TABLE scan_progress (
            scan_id BIGINT NOT NULL, worker_id BIGINT NOT NULL, tasks_queued BIGINT NOT NULL,
            tasks_done BIGINT NOT NULL, indexed BIGINT NOT NULL, analyzed BIGINT NOT NULL, vectorized BIGINT NOT NULL,
            cached BIGINT NOT NULL, failed BIGINT NOT NULL, PRIMARY KEY (scan_id, worker_id)) WITH (fillfactor = 50)
        """,
        """
        CREATE TABLE task (
            id BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY, scan_id BIGINT, parent_id BIGINT,
            created_at BIGINT NOT NULL, run_at BIGINT, worker_id BIGINT, lease BIGINT, claimed_at BIGINT,
            deadline_at BIGINT, version BIGINT NOT NULL CHECK (version >= 1), runs INTEGER NOT NULL DEFAULT 0,
            failures INTEGER NOT NULL DEFAULT 0, crashes INTEGER NOT NULL DEFAULT 0,
            lane SMALLINT NOT NULL CHECK (lane IN (0, 1, 2, 4, 5, 6)), cancel_requested SMALLINT NOT NULL DEFAULT 0,
            kind TEXT COLLATE "C" NOT NULL,
            state TEXT COLLATE "C" NOT NULL CHECK (state IN ('ready', 'running', 'scheduled', 'parked')),
            dedupe_key TEXT COLLATE "C", failure_reason TEXT, failure_message TEXT, payload TEXT NOT NULL,
            CHECK ((state = 'running') = (lease IS NOT NULL)),
            CHECK ((state = 'running') = (worker_id IS NOT NULL)),
            CHECK ((state = 'running') = (deadline_at IS NOT NULL)),
            CHECK (state <> 'scheduled' OR run_at IS NOT NULL)) \(hotTable)
        """,
        // Ends that are kept for a while only lie in partitions by day, which are dropped whole; failures, which are
        // few and kept longer, lie in one table. A key across partitions there cannot be: the fence sees to it that a
        // run ends once.
        """
        CREATE TABLE task_run (
            task_id BIGINT NOT NULL, worker_id BIGINT, claimed_at BIGINT, finished_at BIGINT NOT NULL, scan_id BIGINT,
            parent_id BIGINT, created_at BIGINT, version BIGINT, run INTEGER NOT NULL, failures INTEGER,
            crashes INTEGER, lane SMALLINT, ending TEXT COLLATE "C" NOT NULL, kind TEXT COLLATE "C",
            failure_reason TEXT, failure_message TEXT, payload TEXT,
            CHECK (ending IN ('succeeded', 'retried', 'died', 'cancelled', 'released', 'lost', 'parked')),
            CHECK ((payload IS NOT NULL) = (ending IN ('succeeded', 'cancelled')))) PARTITION BY LIST (ending)
        """,
        """
        CREATE TABLE task_run_ended PARTITION OF task_run
            FOR VALUES IN ('succeeded', 'cancelled', 'released', 'parked') PARTITION BY RANGE (finished_at)
        """,
        "CREATE TABLE task_run_other PARTITION OF task_run_ended DEFAULT",
        "CREATE TABLE task_run_failed PARTITION OF task_run FOR VALUES IN ('retried', 'died', 'lost')",
        """
        CREATE TABLE task_dead (
            id BIGINT PRIMARY KEY, kind TEXT COLLATE "C" NOT NULL, version BIGINT NOT NULL, lane SMALLINT NOT NULL,
            payload TEXT NOT NULL, scan_id BIGINT, parent_id BIGINT, dedupe_key TEXT COLLATE "C",
            runs INTEGER NOT NULL, failures INTEGER NOT NULL, crashes INTEGER NOT NULL, created_at BIGINT NOT NULL,
            failure_reason TEXT NOT NULL, failure_message TEXT NOT NULL, fingerprint BIGINT NOT NULL,
            dead_at BIGINT NOT NULL)
        """,
        """
        CREATE TABLE task_event (
            id BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY, task_id BIGINT NOT NULL, at BIGINT NOT NULL,
            type TEXT NOT NULL, actor TEXT NOT NULL, detail TEXT NOT NULL)
        """,
        """
        CREATE TABLE worker (
            id BIGINT PRIMARY KEY, registration TEXT NOT NULL, boot_id TEXT COLLATE "C" NOT NULL,
            has_lock SMALLINT NOT NULL, lease_until BIGINT NOT NULL, is_draining SMALLINT NOT NULL DEFAULT 0,
            started_at BIGINT NOT NULL, seen_at BIGINT NOT NULL, ended_at BIGINT) WITH (fillfactor = 50)
        """,
        """
        CREATE TABLE queue_control (
            role TEXT COLLATE "C" PRIMARY KEY, paused_at BIGINT NOT NULL, actor TEXT NOT NULL)
        """,
        """
        CREATE TABLE idempotency (
            key TEXT COLLATE "C" PRIMARY KEY, request_hash BYTEA NOT NULL, answer TEXT NOT NULL,
            created_at BIGINT NOT NULL)
        """,
        """
        CREATE TABLE token (
            id BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY, name TEXT NOT NULL,
            role TEXT COLLATE "C" NOT NULL CHECK (role IN ('user', 'worker', 'admin')), hash BYTEA NOT NULL UNIQUE,
            created_at BIGINT NOT NULL, expires_at BIGINT, last_used_at BIGINT, revoked_at BIGINT)
        """,
    ]

    private static let postgresQueueIndexes = [
        "CREATE UNIQUE INDEX library_root_path ON library_root (sha256(path))",
        "CREATE INDEX task_ready ON task (kind, lane, id) WHERE state = 'ready'",
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
        "CREATE INDEX task_run_task ON task_run (task_id)",
        "CREATE INDEX task_run_newest ON task_run (ending, kind, task_id) WHERE payload IS NOT NULL",
        "CREATE INDEX task_run_scan ON task_run (scan_id, ending, kind, task_id) WHERE scan_id IS NOT NULL",
        "CREATE INDEX task_event_task ON task_event (task_id)",
        "CREATE INDEX scan_open ON scan (id) WHERE finished_at IS NULL",
        "CREATE INDEX scan_finished ON scan (finished_at) WHERE finished_at IS NOT NULL",
        "CREATE INDEX idempotency_age ON idempotency (created_at)",
    ]
}
