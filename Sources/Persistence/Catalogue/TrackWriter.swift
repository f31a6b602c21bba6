import Contracts
import Domain

/// Writes one track, and moves what it contributes to artists, albums, genres and the text index from old to new.
struct TrackWriter {
    let folder: FilePath
    let folderID: Int64
    let name: [UInt8]
    /// Where the track lies in the file; nil for the whole file.
    var stretch: Stretch?

    /// Answers the id of the track.
    func write(
        _ outcome: IndexCompleteOutcome, over known: StoredTrack?, _ batch: inout CatalogueBatch
    ) throws -> Int64 {
        let json = TrackDetails(metadata: outcome.metadata, properties: outcome.properties).json()
        if let known, known.hasDetails(json), known.coverHash == outcome.cover?.hash {
            try touch(known, outcome.facts, batch)
            return known.id
        }
        let derivation = batch.derivation(of: outcome.metadata, in: folder)
        let before = try known.map { try retract($0, &batch) }
        if let cover = outcome.cover { batch.useCover(cover) }
        let albumID = try derivation.album.map { try batch.albumID($0) }
        let row = Values(
            outcome: outcome, derivation: derivation, albumID: albumID, coverHash: outcome.cover?.hash, json: json)
        let trackID: Int64
        if let known {
            trackID = known.id
            try update(known, row, batch)
            if known.contentKey != nil { batch.vectorChanged(trackID) }
        } else {
            trackID = try insert(row, batch)
            batch.newTracks.insert(trackID)
        }
        try contribute(
            derivation, trackID, albumID: albumID, coverHash: outcome.cover?.hash, after: before, &batch)
        return trackID
    }

    private struct Values {
        let outcome: IndexCompleteOutcome
        let derivation: TrackDerivation
        let albumID: Int64?
        let coverHash: String?
        let json: String
    }

    private func insert(_ row: Values, _ batch: CatalogueBatch) throws -> Int64 {
        let (facts, metadata, properties) = (row.outcome.facts, row.outcome.metadata, row.outcome.properties)
        return try batch.connection.insert(
            """
            INSERT INTO track (folder_id, name, state, pending, size, mtime_ns, inode, device, album_id, cover_hash, added_at,
                indexed_at, title, artist, year, disc_number, track_number, duration_ms, codec, details, begin_us, end_us)
            VALUES (\(folderID), \(name), 0, 1, \(facts.size), \(facts.mtimeNs), \(facts.inode), \(facts.device),
                \(row.albumID), \(row.coverHash), \(batch.now), \(batch.now), \(row.derivation.title),
                \(row.derivation.artist), \(metadata.year), \(metadata.discNumber), \(metadata.trackNumber),
                \(properties.durationMs), \(properties.codec), \(row.json), \(stretch?.beginUs),
                \(stretch?.endUs))
            """)
    }

    private func update(_ known: StoredTrack, _ row: Values, _ batch: CatalogueBatch) throws {
        let (facts, metadata, properties) = (row.outcome.facts, row.outcome.metadata, row.outcome.properties)
        try batch.connection.perform(
            """
            UPDATE track SET folder_id = \(folderID), name = \(name), state = 0, size = \(facts.size),
                mtime_ns = \(facts.mtimeNs), inode = \(facts.inode), device = \(facts.device),
                album_id = \(row.albumID), cover_hash = \(row.coverHash), indexed_at = \(batch.now),
                title = \(row.derivation.title), artist = \(row.derivation.artist), year = \(metadata.year),
                disc_number = \(metadata.discNumber), track_number = \(metadata.trackNumber),
                duration_ms = \(properties.durationMs), codec = \(properties.codec), details = \(row.json),
                pending = \(pending(known, facts)), begin_us = \(stretch?.beginUs), end_us = \(stretch?.endUs)
            WHERE id = \(known.id)
            """)
    }

    /// The tags are as they were: nothing derived changes.
    private func touch(_ known: StoredTrack, _ facts: FileFacts, _ batch: CatalogueBatch) throws {
        try batch.connection.perform(
            """
            UPDATE track SET state = 0, size = \(facts.size), mtime_ns = \(facts.mtimeNs), inode = \(facts.inode),
                device = \(facts.device), indexed_at = \(batch.now), pending = \(pending(known, facts)),
                begin_us = \(stretch?.beginUs), end_us = \(stretch?.endUs)
            WHERE id = \(known.id)
            """)
    }

    /// A file that changed is to be heard again, and so is a part that begins or ends elsewhere.
    private func pending(_ known: StoredTrack, _ facts: FileFacts) -> Int64? {
        known.facts.looksUnchanged(from: facts) && known.stretch == stretch
            ? known.pending : CatalogueRows.pendingAnalysis
    }

    /// Adds the rows and sums that follow from the track.
    /// - Parameter before: what it contributed to until now; nil for a new track.
    func contribute(
        _ derivation: TrackDerivation, _ trackID: Int64, albumID: Int64?, coverHash: String?,
        after before: TrackOwners? = nil, _ batch: inout CatalogueBatch
    ) throws {
        try credit(derivation.artists, CatalogueRows.artistRole, trackID, &batch)
        try credit(derivation.albumArtists, CatalogueRows.albumArtistRole, trackID, &batch)
        for name in derivation.genres {
            let id = try batch.genreID(name)
            try batch.connection.perform("INSERT INTO track_genre (track_id, genre_id) VALUES (\(trackID), \(id))")
        }
        if !derivation.traits.isEmpty {
            let traits = Int64(derivation.traits.rawValue)
            try batch.connection.perform("INSERT INTO track_trait (track_id, traits) VALUES (\(trackID), \(traits))")
        }
        batch.index(SearchDocument(derivation), of: trackID)
        if let before {
            batch.tally.follow(before, TrackOwners(albumID: albumID, artistIDs: try artistIDs(derivation, &batch)))
        }
        try count(derivation, +1, albumID: albumID, coverHash: coverHash, &batch)
    }

    private func credit(
        _ credits: [ArtistCredit], _ role: Int64, _ trackID: Int64, _ batch: inout CatalogueBatch
    ) throws {
        for (position, credit) in credits.enumerated() {
            let id = try batch.artistID(credit)
            try batch.connection.perform(
                """
                INSERT INTO track_artist (track_id, role, position, artist_id, credited_as)
                VALUES (\(trackID), \(role), \(position), \(id), \(credit.name))
                """)
        }
    }

    private func artistIDs(_ derivation: TrackDerivation, _ batch: inout CatalogueBatch) throws -> Set<Int64> {
        Set(try (derivation.artists + derivation.albumArtists).map { try batch.artistID($0) })
    }

    /// Takes back all that follows from the track as it is stored; its own row stays.
    /// - Returns: what it contributed to.
    @discardableResult
    func retract(_ known: StoredTrack, _ batch: inout CatalogueBatch) throws -> TrackOwners {
        let details = try TrackDetails(json: known.details)
        try batch.connection.perform("DELETE FROM track_artist WHERE track_id = \(known.id)")
        try batch.connection.perform("DELETE FROM track_genre WHERE track_id = \(known.id)")
        try batch.connection.perform("DELETE FROM track_trait WHERE track_id = \(known.id)")
        batch.index(nil, of: known.id)
        let derivation = batch.derivation(of: details.metadata, in: folder)
        try count(derivation, -1, albumID: known.albumID, coverHash: known.coverHash, &batch)
        batch.countCover(known.coverHash, -1)
        return TrackOwners(albumID: known.albumID, artistIDs: try artistIDs(derivation, &batch))
    }

    private func count(
        _ derivation: TrackDerivation, _ change: Int64, albumID: Int64?, coverHash: String?,
        _ batch: inout CatalogueBatch
    ) throws {
        for credit in derivation.artists + derivation.albumArtists {
            let owner = TallyBatch.Owner(kind: .artist, id: try batch.artistID(credit))
            batch.tally.add(change, owner, .name, credit.name)
            batch.tally.add(change, owner, .sortName, credit.sortName)
        }
        for name in derivation.genres {
            batch.tally.add(change, TallyBatch.Owner(kind: .genre, id: try batch.genreID(name)), .name, name)
        }
        guard let album = derivation.album, let albumID else { return }
        let owner = TallyBatch.Owner(kind: .album, id: albumID)
        batch.tally.add(change, owner, .name, album.title)
        batch.tally.add(change, owner, .albumArtist, album.albumArtist)
        batch.tally.add(change, owner, .trackArtist, album.trackArtist)
        batch.tally.add(change, owner, .year, album.year.map(String.init))
        batch.tally.add(change, owner, .cover, coverHash)
        batch.tally.add(change, owner, .compilation, album.isCompilation ? "1" : nil)
    }
}
