import Domain
import UseCases

/// What filters and rules of similarity ask of tracks, read in the order of the changes.
extension DatabaseCatalogue {
    /// Three queries for a step, whatever its length: the tracks, their artists, their genres.
    package func factsChanges(after sequence: Int64, limit: Int) async throws -> [FactsChange] {
        try await database.read { connection in
            // Asked before every answer, and mostly for nothing.
            let news: Query = "SELECT 1 FROM vector_change WHERE seq > \(sequence) LIMIT 1"
            guard try connection.first(news, { _ in true }) == true else { return [] }
            var changes = try connection.all(Self.facts(after: sequence, limit: max(0, limit)), Self.factsChange)
            guard let last = changes.last?.sequence else { return [] }
            let places = Dictionary(uniqueKeysWithValues: changes.enumerated().map { ($1.trackID, $0) })
            try connection.forEach(Self.factsArtists(after: sequence, until: last)) { row in
                guard let place = row.int(0).flatMap({ places[$0] }), let artist = row.int(2) else { return }
                if row.int(1) == CatalogueRows.artistRole {
                    changes[place].facts?.artistIDs.append(artist)
                } else {
                    changes[place].facts?.albumArtistIDs.append(artist)
                }
            }
            try connection.forEach(Self.factsGenres(after: sequence, until: last)) { row in
                guard let place = row.int(0).flatMap({ places[$0] }), let genre = row.int(1) else { return }
                changes[place].facts?.genreIDs.append(genre)
            }
            return changes
        }
    }

    package func genreIDs(named names: [String]) async throws -> [Int64?] {
        try await database.read { connection in
            try names.map { name in
                let key = CatalogueBatch.genreKey(name)
                return try connection.first("SELECT id FROM genre WHERE key = \(key)") { $0.int(0) } ?? nil
            }
        }
    }

    /// What `factsChange` reads.
    static let factsColumns: Query = """
        change.seq, change.track_id, folder.path, track.album_id, track.year, track.title, track.artist,
        COALESCE(recording.recording_key, track.content_key), COALESCE(analysis.duration_ms, track.duration_ms),
        analysis.tempo_bpm, analysis.musical_key, track_trait.traits
        """

    /// Nothing of a track's long text is read. Of each content counts the analysis that `StoredAnalysis.find` shows.
    static func facts(after sequence: Int64, limit: Int) -> Query {
        """
        SELECT \(factsColumns)
        FROM vector_change AS change
        LEFT JOIN track ON track.id = change.track_id AND track.state = 0
        LEFT JOIN folder ON folder.id = track.folder_id
        LEFT JOIN analysis ON \(StoredAnalysis.isOfTrack)
        LEFT JOIN recording ON recording.content_key = track.content_key
        LEFT JOIN track_trait ON track_trait.track_id = track.id
        WHERE change.seq > \(sequence) ORDER BY change.seq LIMIT \(limit)
        """
    }

    private static func factsArtists(after sequence: Int64, until last: Int64) -> Query {
        """
        SELECT change.track_id, track_artist.role, track_artist.artist_id
        FROM vector_change AS change JOIN track_artist ON track_artist.track_id = change.track_id
        WHERE change.seq > \(sequence) AND change.seq <= \(last)
        ORDER BY change.seq, track_artist.role, track_artist.position
        """
    }

    private static func factsGenres(after sequence: Int64, until last: Int64) -> Query {
        """
        SELECT change.track_id, track_genre.genre_id
        FROM vector_change AS change JOIN track_genre ON track_genre.track_id = change.track_id
        WHERE change.seq > \(sequence) AND change.seq <= \(last) ORDER BY change.seq, track_genre.genre_id
        """
    }

    static func factsChange(_ row: any Row) -> FactsChange {
        var change = FactsChange(sequence: row.int(0) ?? 0, trackID: row.int(1) ?? 0, facts: nil)
        guard let path = row.bytes(2) else { return change }
        var facts = TrackFacts(folder: FilePath(bytes: path))
        facts.albumID = row.int(3)
        facts.year = row.int(4).flatMap(Int.init(exactly:))
        facts.recording.song = SongKey.hash(title: row.text(5), artist: row.text(6))
        facts.recording.content = row.text(7).map(RecordingMark.hash)
        facts.durationMs = row.int(8).flatMap(Int.init(exactly:))
        facts.tempoBpm = row.double(9)
        facts.key = row.text(10).flatMap(CamelotKey.init)
        facts.traits = TrackTraits(rawValue: UInt8(clamping: row.int(11) ?? 0))
        change.facts = facts
        return change
    }
}
