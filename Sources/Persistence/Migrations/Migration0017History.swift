extension Migration {
    /// What became of tasks, and how much waited, by the hour and by the day.
    static let history = Migration(
        version: 17, name: "history",
        sqlite: Script(
            up: [
                """
                CREATE TABLE task_period (
                    span INTEGER NOT NULL CHECK (span IN (1, 24)), start INTEGER NOT NULL, kind TEXT NOT NULL,
                    writer INTEGER NOT NULL, enqueued INTEGER NOT NULL, succeeded INTEGER NOT NULL,
                    retried INTEGER NOT NULL, died INTEGER NOT NULL, lost INTEGER NOT NULL, cancelled INTEGER NOT NULL,
                    released INTEGER NOT NULL, run_ms INTEGER NOT NULL, runs BLOB NOT NULL, wait_ms INTEGER NOT NULL,
                    waits BLOB NOT NULL, PRIMARY KEY (span, start, kind, writer)) STRICT, WITHOUT ROWID
                """,
                """
                CREATE TABLE queue_period (
                    span INTEGER NOT NULL CHECK (span IN (1, 24)), start INTEGER NOT NULL, role TEXT NOT NULL,
                    writer INTEGER NOT NULL, looks INTEGER NOT NULL, ready_sum INTEGER NOT NULL,
                    ready_most INTEGER NOT NULL, oldest_ms INTEGER NOT NULL,
                    PRIMARY KEY (span, start, role, writer)) STRICT, WITHOUT ROWID
                """,
            ] + historyIndexes, down: historyDrops),
        postgres: Script(
            up: [
                """
                CREATE TABLE task_period (
                    start BIGINT NOT NULL, writer BIGINT NOT NULL, enqueued BIGINT NOT NULL, succeeded BIGINT NOT NULL,
                    retried BIGINT NOT NULL, died BIGINT NOT NULL, lost BIGINT NOT NULL, cancelled BIGINT NOT NULL,
                    released BIGINT NOT NULL, run_ms BIGINT NOT NULL, wait_ms BIGINT NOT NULL,
                    span SMALLINT NOT NULL CHECK (span IN (1, 24)), kind TEXT COLLATE "C" NOT NULL,
                    runs BYTEA NOT NULL, waits BYTEA NOT NULL, PRIMARY KEY (span, start, kind, writer))
                    WITH (fillfactor = 50)
                """,
                """
                CREATE TABLE queue_period (
                    start BIGINT NOT NULL, writer BIGINT NOT NULL, looks BIGINT NOT NULL, ready_sum BIGINT NOT NULL,
                    ready_most BIGINT NOT NULL, oldest_ms BIGINT NOT NULL,
                    span SMALLINT NOT NULL CHECK (span IN (1, 24)), role TEXT COLLATE "C" NOT NULL,
                    PRIMARY KEY (span, start, role, writer)) WITH (fillfactor = 50)
                """,
            ] + historyIndexes, down: historyDrops))

    /// What is not folded yet.
    private static let historyIndexes = [
        "CREATE INDEX task_period_open ON task_period (start) WHERE writer <> 0",
        "CREATE INDEX queue_period_open ON queue_period (start) WHERE writer <> 0",
    ]

    private static let historyDrops = ["DROP TABLE queue_period", "DROP TABLE task_period"]
}
