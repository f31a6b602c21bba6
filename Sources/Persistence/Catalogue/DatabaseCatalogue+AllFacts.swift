import Domain
import UseCases

/// The facts of all tracks at once: whole tables are joined, where `factsChanges` looks up track by track.
extension DatabaseCatalogue {
    package func allFacts(_ take: @Sendable @escaping (FactsPart) -> Void) async throws -> Int64 {
        try await database.read { connection in
            let last = try Self.lastVectorChange(connection)
            guard last > 0 else { return 0 }
            try connection.stream(Self.allTracks) { row in
                let change = Self.factsChange(row)
                if let facts = change.facts { take(.track(change.trackID, facts)) }
            }
            var credits = Credits()
            try connection.stream(
                "SELECT track_id, role, artist_id FROM track_artist ORDER BY track_id, role, position"
            ) { row in
                if let whole = credits.add(row) { take(whole) }
            }
            if let whole = credits.part { take(whole) }
            var genres = Genres()
            try connection.stream("SELECT track_id, genre_id FROM track_genre ORDER BY track_id, genre_id") { row in
                if let whole = genres.add(row) { take(whole) }
            }
            if let whole = genres.part { take(whole) }
            return last
        }
    }

    /// Of each content the best analysis: none is better.
    private static let allTracks: Query = """
        SELECT \(factsColumns)
        FROM vector_change AS change
        JOIN track ON track.id = change.track_id AND track.state = 0
        JOIN folder ON folder.id = track.folder_id
        LEFT JOIN (SELECT * FROM analysis WHERE \(StoredAnalysis.isBest)) AS analysis
            ON analysis.content_key = track.content_key
        LEFT JOIN recording ON recording.content_key = track.content_key
        LEFT JOIN track_trait ON track_trait.track_id = track.id
        """

    /// The artists of one track, row by row.
    private struct Credits {
        private var trackID: Int64?
        private var ofTrack: [Int64] = []
        private var ofAlbum: [Int64] = []

        var part: FactsPart? { trackID.map { .artists($0, ofTrack: ofTrack, ofAlbum: ofAlbum) } }

        /// The track before, when this row is another one's.
        mutating func add(_ row: any Row) -> FactsPart? {
            guard let id = row.int(0), let artist = row.int(2) else { return nil }
            let whole = id == trackID ? nil : part
            if id != trackID { self = Credits(trackID: id) }
            if row.int(1) == CatalogueRows.artistRole { ofTrack.append(artist) } else { ofAlbum.append(artist) }
            return whole
        }
    }

    /// The genres of one track, row by row.
    private struct Genres {
        private var trackID: Int64?
        private var genres: [Int64] = []

        var part: FactsPart? { trackID.map { .genres($0, genres) } }

        /// The track before, when this row is another one's.
        mutating func add(_ row: any Row) -> FactsPart? {
            guard let id = row.int(0), let genre = row.int(1) else { return nil }
            let whole = id == trackID ? nil : part
            if id != trackID { self = Genres(trackID: id) }
            genres.append(genre)
            return whole
        }
    }
}
