import UseCases

/// Looks through a whole database for what cannot be: reads only, in one snapshot.
package struct DatabaseAudit: Sendable {
    /// What was looked for, and how often it was found.
    package struct Check: Sendable, Hashable, Encodable {
        package enum Verdict: String, Sendable, Encodable {
            case fine, remark, problem
        }

        /// In the plural, such as "vectors without an analysis".
        package let check: String
        package let count: Int
        package let verdict: Verdict
        /// More about it, when something was found.
        package let detail: String?

        init(_ check: String, count: Int, isProblem: Bool = true, detail: String? = nil) {
            self.check = check
            self.count = count
            verdict = count == 0 ? .fine : isProblem ? .problem : .remark
            self.detail = count == 0 ? nil : detail
        }
    }

    let database: any Database

    package init(database: any Database) {
        self.database = database
    }

    /// Every check there is. Throws `StoreError` when the database cannot be asked at all, or has another schema.
    package func run() async throws -> [Check] {
        guard try await Migrator(database: database).isCurrent() else {
            throw TransferError.otherSchema("the database has an older schema, or none: run sillon migrate up first")
        }
        let soundness = try await soundness()
        return try await database.read { connection in
            try soundness
                + Self.rules(connection.dialect).map { rule in
                    let count = try connection.first("SELECT COUNT(*) FROM " + rule.breaches) { $0.int(0) ?? 0 } ?? 0
                    return Check(rule.what, count: Int(count), isProblem: rule.isProblem, detail: rule.detail)
                }
        }
    }

    private struct Rule {
        let what: String
        /// What follows FROM in a query that counts breaches.
        let breaches: Query
        var isProblem = true
        var detail: String?
    }

    private static func rules(_ dialect: Dialect) -> [Rule] { queue + catalogue + sums + listening + search(dialect) }

    private static let queue = [
        Rule(
            what: "scans whose ledger differs from their live tasks",
            breaches: """
                scan WHERE (SELECT COUNT(*) FROM task WHERE task.scan_id = scan.id) <>
                    (SELECT COALESCE(SUM(tasks_queued) - SUM(tasks_done), 0) FROM scan_progress
                        WHERE scan_progress.scan_id = scan.id)
                """),
        Rule(
            what: "finished scans with live tasks",
            breaches: """
                scan WHERE finished_at IS NOT NULL AND EXISTS (SELECT 1 FROM task WHERE task.scan_id = scan.id)
                """),
        Rule(
            what: "tasks of scans that are not there",
            breaches: """
                task WHERE scan_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM scan WHERE scan.id = task.scan_id)
                """),
        Rule(
            what: "tasks that are alive and dead at once",
            breaches: "task JOIN task_dead ON task_dead.id = task.id"),
        Rule(
            what: "tasks that are alive and ended at once",
            breaches: "task JOIN task_run ON task_run.task_id = task.id AND task_run.payload IS NOT NULL"),
        Rule(
            what: "sessions that outlive the token that they follow from",
            breaches: """
                token AS session JOIN token AS parent ON parent.id = session.parent_id
                WHERE parent.revoked_at IS NOT NULL AND session.revoked_at IS NULL
                """),
        Rule(
            what: "attempts that ended twice",
            breaches: "(SELECT 1 FROM task_run GROUP BY task_id, run HAVING COUNT(*) > 1) AS twice"),
    ]

    private static let catalogue = [
        Rule(
            what: "tracks that were heard but have no analysis",
            breaches: """
                track WHERE content_key IS NOT NULL
                    AND NOT EXISTS (SELECT 1 FROM analysis WHERE analysis.content_key = track.content_key)
                """),
        Rule(
            what: "analyses without a track",
            breaches: """
                analysis WHERE NOT EXISTS (SELECT 1 FROM track WHERE track.content_key = analysis.content_key)
                """,
            isProblem: false, detail: "kept for a recording that comes back"),
        Rule(
            what: "vectors without an analysis",
            breaches: """
                embedding WHERE NOT EXISTS (
                    SELECT 1 FROM analysis WHERE analysis.content_key = embedding.content_key)
                """),
        Rule(
            what: "tracks with a vector that the similarity index never hears of",
            breaches: """
                track WHERE state = 0
                    AND EXISTS (SELECT 1 FROM embedding WHERE embedding.content_key = track.content_key)
                    AND NOT EXISTS (SELECT 1 FROM vector_change WHERE vector_change.track_id = track.id)
                """),
        Rule(
            what: "tracks with a vector of their text that the indexes of texts never hear of",
            breaches: """
                track WHERE state = 0
                    AND EXISTS (SELECT 1 FROM track_text JOIN text_embedding
                        ON text_embedding.text_hash = track_text.text_hash WHERE track_text.track_id = track.id)
                    AND NOT EXISTS (SELECT 1 FROM vector_change WHERE vector_change.track_id = track.id)
                """),
        Rule(
            what: "recordings that were compared but have no analysis",
            breaches: """
                recording WHERE NOT EXISTS (
                    SELECT 1 FROM analysis WHERE analysis.content_key = recording.content_key)
                """),
        Rule(
            what: "duplicates that are in different groups",
            breaches: """
                duplicate_pair JOIN recording AS first ON first.content_key = duplicate_pair.one
                    JOIN recording AS second ON second.content_key = duplicate_pair.other
                WHERE COALESCE(first.group_key, '') = '' OR COALESCE(second.group_key, '') <> first.group_key
                """),
        Rule(
            what: "answers of services about what is not there any more",
            breaches: """
                enrichment WHERE NOT EXISTS (
                    SELECT 1 FROM track WHERE enrichment.kind = 'track' AND track.id = enrichment.subject_id)
                    AND NOT EXISTS (
                        SELECT 1 FROM album WHERE enrichment.kind = 'album' AND album.id = enrichment.subject_id)
                    AND NOT EXISTS (
                        SELECT 1 FROM artist WHERE enrichment.kind = 'artist' AND artist.id = enrichment.subject_id)
                """,
            isProblem: false, detail: "they take room and are shown to nobody"),
        Rule(
            what: "tracks of artists that are not there",
            breaches: """
                track_artist WHERE NOT EXISTS (SELECT 1 FROM artist WHERE artist.id = track_artist.artist_id)
                """),
        Rule(
            what: "tracks of genres that are not there",
            breaches: "track_genre WHERE NOT EXISTS (SELECT 1 FROM genre WHERE genre.id = track_genre.genre_id)"),
        Rule(
            what: "tracks whose picture is not there",
            breaches: """
                track WHERE cover_hash IS NOT NULL
                    AND NOT EXISTS (SELECT 1 FROM cover WHERE cover.hash = track.cover_hash)
                """),
    ]

    /// Counters against what they count.
    private static let sums = [
        Rule(
            what: "artists whose count of tracks is wrong",
            breaches: """
                artist WHERE (SELECT COALESCE(SUM(uses), 0) FROM tally
                        WHERE owner_kind = 0 AND owner_id = artist.id AND field = 0)
                    <> (SELECT COUNT(*) FROM track_artist WHERE artist_id = artist.id)
                """),
        Rule(
            what: "albums whose count of tracks is wrong",
            breaches: """
                album WHERE (SELECT COALESCE(SUM(uses), 0) FROM tally
                        WHERE owner_kind = 1 AND owner_id = album.id AND field = 0)
                    <> (SELECT COUNT(*) FROM track WHERE album_id = album.id)
                """),
        Rule(
            what: "genres whose count of tracks is wrong",
            breaches: """
                genre LEFT JOIN (SELECT genre_id, COUNT(*) AS tracks FROM track_genre GROUP BY genre_id) AS counted
                    ON counted.genre_id = genre.id
                WHERE COALESCE(counted.tracks, 0) <> (SELECT COALESCE(SUM(uses), 0) FROM tally
                    WHERE owner_kind = 2 AND owner_id = genre.id AND field = 0)
                """),
        Rule(
            what: "pictures whose count of tracks and albums is wrong",
            breaches: """
                cover LEFT JOIN (SELECT cover_hash, COUNT(*) AS tracks FROM track GROUP BY cover_hash) AS counted
                    ON counted.cover_hash = cover.hash
                WHERE cover.uses <> COALESCE(counted.tracks, 0)
                    + (SELECT COUNT(*) FROM album_artwork WHERE album_artwork.cover_hash = cover.hash)
                """),
        Rule(
            what: "albums whose fetched picture is not there",
            breaches: """
                album_artwork WHERE cover_hash IS NOT NULL
                    AND NOT EXISTS (SELECT 1 FROM cover WHERE cover.hash = album_artwork.cover_hash)
                """),
        Rule(
            what: "changes of vectors beyond their counter",
            breaches: """
                vector_change WHERE seq > (SELECT COALESCE(MAX(value), 0) FROM catalogue_counter
                    WHERE name = 'vector_sequence')
                """),
    ]

    private static let listening = [
        Rule(what: "tokens that belong to nobody", breaches: "token WHERE account_id IS NULL"),
        Rule(
            what: "tracks whose count of listens is wrong",
            breaches: """
                track_mark WHERE plays <> (SELECT COUNT(*) FROM play WHERE play.account_id = track_mark.account_id
                    AND play.track_id = track_mark.track_id AND counted = 1)
                """),
        Rule(
            what: "listens of another account's plays",
            breaches: "listen JOIN play ON play.id = listen.play_id WHERE play.account_id <> listen.account_id"),
    ]

    private static func search(_ dialect: Dialect) -> [Rule] {
        let id: Query = dialect == .sqlite ? "track_search.rowid" : "track_search.track_id"
        return [
            Rule(
                what: "tracks that the text index does not know",
                breaches: "track WHERE NOT EXISTS (SELECT 1 FROM track_search WHERE \(id) = track.id)"),
            Rule(
                what: "entries of the text index without a track",
                breaches: "track_search WHERE NOT EXISTS (SELECT 1 FROM track WHERE track.id = \(id))"),
        ]
    }
}
