import Domain
import UseCases

/// ReplayGain as it follows from what was heard.
extension DatabaseCatalogue {
    /// The tracks of these ids that exist, in their order, each with the gain of its album.
    static func tracks(_ ids: [Int64], _ connection: any Connection) throws -> [Track] {
        var tracks = try rows(ids, connection)
        let albums = try loudness(ofAlbums: Set(tracks.compactMap(\.albumID)), connection)
        for index in tracks.indices {
            guard let analysis = tracks[index].analysis else { continue }
            var gain = ReplayGain(measuredIn: analysis)
            if let album = tracks[index].albumID.flatMap({ albums[$0] }) { gain.take(album) }
            tracks[index].measuredGain = gain
        }
        return tracks
    }

    static func measure(_ albums: [Album], _ connection: any Connection) throws -> [Album] {
        let heard = try loudness(ofAlbums: Set(albums.map(\.id)), connection)
        return albums.map { album in
            var album = album
            if let loudness = heard[album.id], loudness.peak != nil {
                var gain = ReplayGain()
                gain.take(loudness)
                album.measuredGain = gain
            }
            return album
        }
    }

    /// Of each track counts the analysis that is shown for it, as in `StoredAnalysis.find`; missing files do not count.
    private static func loudness(
        ofAlbums ids: Set<Int64>, _ connection: any Connection
    ) throws -> [Int64: AlbumLoudness] {
        guard !ids.isEmpty else { return [:] }
        let query: Query = """
            SELECT track.album_id, analysis.loudness_histogram, analysis.true_peak_db, analysis.sample_peak_db
            FROM track LEFT JOIN analysis ON analysis.content_key = track.content_key AND analysis.version = (
                SELECT version FROM analysis AS any_of WHERE any_of.content_key = track.content_key
                ORDER BY version = \(AudioAnalysis.currentVersion) DESC, analyzed_at DESC, version DESC LIMIT 1)
            WHERE track.state = \(CatalogueRows.present)
                AND track.album_id \(.among(ids.sorted(), connection.dialect))
            """
        var albums: [Int64: AlbumLoudness] = [:]
        for (id, heard) in try connection.all(query, Self.heard) { albums[id, default: AlbumLoudness()].add(heard) }
        return albums
    }

    private static func heard(_ row: any Row) -> (Int64, (histogram: [UInt32], peak: Double)?) {
        let histogram = row.bytes(1).flatMap(PackedCounts.counts)
        let peak = ReplayGain.peak(truePeakDb: row.double(2), samplePeakDb: row.double(3))
        return (row.int(0) ?? 0, histogram.map { ($0, peak) })
    }
}
