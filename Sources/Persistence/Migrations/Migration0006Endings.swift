extension Migration {
    /// How many tasks of each kind have ended, which nobody wants to count in the history. Starts with what it holds.
    static let endings = Migration(
        version: 6, name: "endings",
        sqlite: Script(
            up: [
                """
                CREATE TABLE task_ended (
                    kind TEXT NOT NULL, shard INTEGER NOT NULL, done INTEGER NOT NULL, cancelled INTEGER NOT NULL,
                    PRIMARY KEY (kind, shard)) STRICT, WITHOUT ROWID
                """, countHistory,
            ], down: dropEndings),
        postgres: Script(
            up: [
                """
                CREATE TABLE task_ended (
                    kind TEXT COLLATE "C" NOT NULL, shard BIGINT NOT NULL, done BIGINT NOT NULL,
                    cancelled BIGINT NOT NULL, PRIMARY KEY (kind, shard)) WITH (fillfactor = 50)
                """, countHistory,
            ], down: dropEndings))

    private static let countHistory = """
        INSERT INTO task_ended (kind, shard, done, cancelled)
        SELECT kind, 0, SUM(CASE WHEN ending = 'succeeded' THEN 1 ELSE 0 END),
            SUM(CASE WHEN ending = 'cancelled' THEN 1 ELSE 0 END)
        FROM task_run WHERE payload IS NOT NULL GROUP BY kind
        """
    private static let dropEndings = ["DROP TABLE task_ended"]
}
