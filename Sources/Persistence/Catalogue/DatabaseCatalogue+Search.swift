import Domain
import UseCases

/// Full-text search and totals.
extension DatabaseCatalogue {
    /// More answers than this are no help.
    static let maxResults = 500

    package func search(_ text: String, limit: Int) async throws -> [Track] {
        let words = SearchText.query(text)
        guard limit > 0, !words.isEmpty else { return [] }
        return try await database.read { connection in
            let query = SearchText.search(words, Piece(limit: min(limit, Self.maxResults)), connection.dialect)
            return try Self.tracks(try connection.all(query) { $0.int(0) ?? 0 }, connection)
        }
    }

    package func totals() async throws -> LibraryTotals {
        try await database.read { connection in
            func count(_ query: Query) throws -> Int {
                Int(clamping: try connection.first(query) { $0.int(0) ?? 0 } ?? 0)
            }
            let (model, version) = (CatalogueRows.model, AnalysisMode.full.version)
            let windows = AnalysisMode.windows.version
            var totals = LibraryTotals()
            totals.missing = try count("SELECT count(*) FROM track WHERE state = 1")
            totals.tracks = try count("SELECT count(*) FROM track") - totals.missing
            totals.albums = try count("SELECT count(*) FROM album")
            totals.artists = try count("SELECT count(*) FROM artist")
            totals.covers = try count("SELECT count(*) FROM cover")
            totals.rejected = try count("SELECT count(*) FROM rejected_file")
            totals.analyzed = try count("SELECT count(*) FROM track WHERE content_key IS NOT NULL AND state = 0")
            totals.vectorized = try count(
                """
                SELECT count(*) FROM track JOIN embedding ON embedding.content_key = track.content_key
                WHERE embedding.model = \(model) AND track.content_key IS NOT NULL AND track.state = 0
                """)
            totals.stale = try count(
                """
                SELECT count(DISTINCT content_key) FROM analysis WHERE version NOT IN (\(version), \(windows)) AND NOT EXISTS (
                    SELECT 1 FROM analysis AS newest
                    WHERE newest.content_key = analysis.content_key AND newest.version IN (\(version), \(windows)))
                """)
            totals.cacheHits = try count(
                "SELECT value FROM catalogue_counter WHERE name = \(CatalogueRows.cacheHits)")
            return totals
        }
    }
}
