extension Migration {
    /// Where a task stands in its trace, as W3C's `traceparent`; NULL for a task that nobody traces, which takes no room.
    static let traces = Migration(
        version: 19, name: "traces",
        sqlite: Script(up: traceColumns.map { "\($0) TEXT" }, down: traceDrops),
        postgres: Script(up: traceColumns.map { "\($0) TEXT COLLATE \"C\"" }, down: traceDrops))

    private static let tracedTables = ["task", "task_run", "task_dead"]
    private static let traceColumns = tracedTables.map { "ALTER TABLE \($0) ADD COLUMN trace" }
    private static let traceDrops = tracedTables.map { "ALTER TABLE \($0) DROP COLUMN trace" }
}
