extension Migration {
    /// Dead letters are known by the work that failed, as `WorkNumber` has it; those of before, by nothing.
    static let deadLetters = Migration(
        version: 5, name: "dead letters",
        sqlite: Script(up: ["ALTER TABLE task_dead ADD COLUMN work INTEGER"] + workIndex, down: dropWork),
        postgres: Script(up: ["ALTER TABLE task_dead ADD COLUMN work BIGINT"] + workIndex, down: dropWork))

    private static let workIndex = ["CREATE INDEX task_dead_work ON task_dead (work) WHERE work IS NOT NULL"]
    private static let dropWork = ["DROP INDEX task_dead_work", "ALTER TABLE task_dead DROP COLUMN work"]
}
