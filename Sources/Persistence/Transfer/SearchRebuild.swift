import Domain

/// Makes the text index anew from the tracks: each engine keeps it in a form of its own.
struct SearchRebuild {
    let connection: any Connection

    /// Tracks that are read at once.
    private static let chunk = 200

    func run() throws {
        try connection.execute("DELETE FROM track_search")
        var batch = CatalogueBatch(connection: connection, now: 0)
        var last: Int64 = 0
        while case let tracks = try next(after: last), let end = tracks.last {
            for track in tracks {
                let metadata = try TrackDetails(json: track.details).metadata
                let document = SearchDocument(batch.derivation(of: metadata, in: track.folder))
                try connection.execute(SearchText.insertion(document, track.id, connection.dialect))
            }
            last = end.id
        }
    }

    private struct Track {
        let id: Int64
        let folder: FilePath
        let details: String
    }

    private func next(after id: Int64) throws -> [Track] {
        try connection.all(
            """
            SELECT track.id, folder.path, track.details FROM track JOIN folder ON folder.id = track.folder_id
            WHERE track.id > \(id) ORDER BY track.id LIMIT \(Self.chunk)
            """
        ) { row in
            Track(id: row.int(0) ?? 0, folder: FilePath(bytes: row.bytes(1) ?? []), details: row.text(2) ?? "")
        }
    }
}
