extension Migration {
    /// What an attempt took, and the way from a task to those that follow it: the parent stands at the end of the
    /// indexes of scans, so that a range of them is searched without a look at each task. Dead letters are found by their cause.
    static let attempts = Migration(
        version: 16, name: "attempts",
        sqlite: Script(
            up: ["ALTER TABLE task_run ADD COLUMN memory_bytes INTEGER"] + dropScanIndexes + withParent + byCause,
            down: ["DROP INDEX task_dead_cause"] + dropScanIndexes + withoutParent + dropMemory),
        postgres: Script(
            up: ["ALTER TABLE task_run ADD COLUMN memory_bytes BIGINT"] + dropScanIndexes + withParent + byCause,
            down: ["DROP INDEX task_dead_cause"] + dropScanIndexes + withoutParent + dropMemory))

    private static let dropMemory = ["ALTER TABLE task_run DROP COLUMN memory_bytes"]
    private static let dropScanIndexes = ["DROP INDEX task_scan", "DROP INDEX task_run_scan"]
    private static let withParent = [
        "CREATE INDEX task_scan ON task (scan_id, kind, id, parent_id) WHERE scan_id IS NOT NULL",
        """
        CREATE INDEX task_run_scan ON task_run (scan_id, ending, kind, task_id, parent_id)
            WHERE scan_id IS NOT NULL
        """,
    ]
    private static let byCause = ["CREATE INDEX task_dead_cause ON task_dead (fingerprint, kind, id)"]
    private static let withoutParent = [
        "CREATE INDEX task_scan ON task (scan_id, kind, id) WHERE scan_id IS NOT NULL",
        "CREATE INDEX task_run_scan ON task_run (scan_id, ending, kind, task_id) WHERE scan_id IS NOT NULL",
    ]
}
