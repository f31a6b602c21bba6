extension Migration {
    /// What else an analysis tells, as JSON, and how often its sound was how loud, from which an album's loudness follows.
    static let audioDetails = Migration(
        version: 7, name: "audio details",
        sqlite: Script(
            up: [
                "ALTER TABLE analysis ADD COLUMN details TEXT",
                "ALTER TABLE analysis ADD COLUMN loudness_histogram BLOB",
            ], down: dropAudioDetails),
        postgres: Script(
            up: [
                "ALTER TABLE analysis ADD COLUMN details TEXT",
                "ALTER TABLE analysis ADD COLUMN loudness_histogram BYTEA",
            ], down: dropAudioDetails))

    private static let dropAudioDetails = [
        "ALTER TABLE analysis DROP COLUMN loudness_histogram", "ALTER TABLE analysis DROP COLUMN details",
    ]
}
