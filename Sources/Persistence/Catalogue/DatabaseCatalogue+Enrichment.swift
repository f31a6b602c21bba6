import Contracts
import Crypto
import Domain
import UseCases

/// What services outside know: a row for each track, album or artist and each source, also where it knows nothing.
extension DatabaseCatalogue {
    /// Clocks of workers may be ahead by so much, in microseconds.
    private static let clockTolerance: Int64 = 60_000_000
    /// Sources that could not be asked are asked again after this, in microseconds.
    private static let laterDelay: Int64 = 60_000_000

    /// `enriched`. The same again changes nothing, and an older answer does not take the place of a newer one.
    func applyEnriched(
        _ outcome: EnrichedOutcome, _ completion: Completion, _ batch: inout CatalogueBatch
    ) throws -> Consequence {
        guard case .enrich(let payload) = completion.payload, let subject = payload.subject,
            payload.kind == outcome.kind, payload.id == outcome.id
        else { return Consequence() }
        // What went meanwhile has nothing to keep.
        guard try self.subject(outcome.kind, outcome.id, batch.connection) != nil else { return Consequence() }
        let asked = Self.hash(of: subject)
        for finding in outcome.findings.prefix(ServiceID.allCases.count) {
            try keep(finding, of: payload, asked: asked, batch)
        }
        var consequence = Consequence()
        let waiting = outcome.waiting.filter { payload.sources?.contains($0) ?? true }
        if !waiting.isEmpty {
            let task = EnrichPayload(
                kind: payload.kind, id: payload.id, subject: subject, sources: waiting, refresh: payload.refresh)
            consequence.tasks = [
                NewTask(
                    payload: .enrich(task), priority: completion.priority, runAt: batch.now + Self.laterDelay,
                    dedupeKey: DedupeKey.enrich(payload.kind, payload.id, as: "rest"))
            ]
        }
        return consequence
    }

    private func keep(
        _ finding: OutsideFinding, of payload: EnrichPayload, asked: String, _ batch: CatalogueBatch
    ) throws {
        let facts = finding.facts?.bounded()
        let fetchedAt = min(finding.fetchedAt, batch.now + Self.clockTolerance)
        let ttl = min(max(0, finding.ttlSeconds), OutsideFinding.ttlSecondsMax)
        try batch.connection.execute(
            """
            INSERT INTO enrichment (kind, subject_id, source, language, asked, found, musicbrainz_id, listeners, plays,
                facts, fetched_at, expires_at)
            VALUES (\(payload.kind.rawValue), \(payload.id), \(finding.source.rawValue), \(finding.language), \(asked),
                \(facts != nil), \(facts.flatMap { Self.id(of: payload.kind, $0.musicBrainz) }), \(facts?.listeners),
                \(facts?.plays), \(facts.map { ContractJSON.encode($0) } ?? "{}"), \(fetchedAt),
                \(fetchedAt + Int64(ttl) * 1_000_000))
            ON CONFLICT (kind, subject_id, source) DO UPDATE
            SET language = excluded.language, asked = excluded.asked, found = excluded.found,
                musicbrainz_id = excluded.musicbrainz_id, listeners = excluded.listeners, plays = excluded.plays,
                facts = excluded.facts, fetched_at = excluded.fetched_at, expires_at = excluded.expires_at
            WHERE enrichment.fetched_at <= excluded.fetched_at
            """)
    }

    /// Asking always ended badly: it is asked again when no answer would be old, not in every round. What was known
    /// stays known; a row without it says nothing, and is shown to nobody (`fetched_at` 0).
    func noteUnanswered(_ payload: EnrichPayload, now: Int64, _ connection: any Connection) throws {
        guard let subject = payload.subject, try self.subject(payload.kind, payload.id, connection) != nil else {
            return
        }
        let asked = Self.hash(of: subject)
        let expiresAt = now + Int64(OutsideFinding.ttlSeconds(isFound: false, unit: 0.5)) * 1_000_000
        for setting in sources(of: payload.kind) where payload.sources?.contains(setting.source) ?? true {
            let kept = try connection.execute(
                """
                UPDATE enrichment
                SET expires_at = CASE WHEN expires_at > \(expiresAt) THEN expires_at ELSE \(expiresAt) END
                WHERE kind = \(payload.kind.rawValue) AND subject_id = \(payload.id)
                    AND source = \(setting.source.rawValue) AND asked = \(asked)
                """)
            guard kept == 0 else { continue }
            try connection.execute(
                """
                INSERT INTO enrichment (kind, subject_id, source, language, asked, found, facts, fetched_at, expires_at)
                VALUES (\(payload.kind.rawValue), \(payload.id), \(setting.source.rawValue), \(setting.language),
                    \(asked), \(false), '{}', 0, \(expiresAt))
                ON CONFLICT (kind, subject_id, source) DO UPDATE
                SET language = excluded.language, asked = excluded.asked, found = excluded.found, musicbrainz_id = NULL,
                    listeners = NULL, plays = NULL, facts = excluded.facts, fetched_at = 0,
                    expires_at = excluded.expires_at
                """)
        }
    }

    private static func id(of kind: OutsideSubject.Kind, _ ids: MusicBrainzIDs) -> String? {
        switch kind {
        case .track: ids.recording
        case .album: ids.release
        case .artist: ids.artists.first
        }
    }

    /// What was said of something that goes, goes with it.
    static func forgetEnrichment(_ kind: OutsideSubject.Kind, _ id: Int64) -> Query {
        "DELETE FROM enrichment WHERE kind = \(kind.rawValue) AND subject_id = \(id)"
    }

    // MARK: Questions

    /// As it would be asked today; nil when it is not known, or has no name to be asked by.
    func subject(
        _ kind: OutsideSubject.Kind, _ id: Int64, _ connection: any Connection
    ) throws -> OutsideSubject? {
        switch kind {
        case .track: try trackQuestion(id, connection).map(OutsideSubject.track)
        case .album: try albumQuestion(id, connection).map(OutsideSubject.album)
        case .artist: try artistQuestion(id, connection).map(OutsideSubject.artist)
        }
    }

    private func trackQuestion(_ id: Int64, _ connection: any Connection) throws -> TrackQuestion? {
        guard let track = try StoredTrack.find(id, connection) else { return nil }
        let details: TrackDetails
        do {
            details = try TrackDetails(json: track.details)
        } catch {
            throw StoreError.fatal("the stored tags of track \(id) cannot be read")
        }
        let metadata = details.metadata
        let artist = metadata.artists.first ?? metadata.artistCredit
        guard let title = metadata.title, let artist else { return nil }
        return TrackQuestion(
            artist: artist, title: title, album: metadata.album, durationMs: details.properties.durationMs,
            isrc: metadata.extra["isrc"]?.first, recordingID: metadata.musicBrainz.recording,
            releaseID: metadata.musicBrainz.release)
    }

    private func albumQuestion(_ id: Int64, _ connection: any Connection) throws -> AlbumQuestion? {
        let query: Query = """
            SELECT title, artist, year, musicbrainz_id,
                (SELECT count(*) FROM track WHERE track.album_id = album.id AND track.state = \(CatalogueRows.present))
            FROM album WHERE id = \(id)
            """
        let album = try connection.first(query) { row in
            AlbumQuestion(
                artist: row.text(1), title: row.text(0) ?? "", year: row.int(2).flatMap { Int(exactly: $0) },
                trackCount: row.int(4).flatMap { Int(exactly: $0) }, releaseID: row.text(3))
        }
        return album.flatMap { $0.title.isEmpty && $0.releaseID == nil ? nil : $0 }
    }

    private func artistQuestion(_ id: Int64, _ connection: any Connection) throws -> ArtistQuestion? {
        let artist = try connection.first("SELECT name, musicbrainz_id FROM artist WHERE id = \(id)") { row in
            ArtistQuestion(name: row.text(0) ?? "", artistID: row.text(1))
        }
        return artist.flatMap { $0.name.isEmpty ? nil : $0 }
    }

    /// Tells questions apart by what they are asked by: another playing time is no other question.
    static func hash(of subject: OutsideSubject) -> String {
        let words: [String?] =
            switch subject {
            case .track(let track): [track.artist, track.title, track.album, track.recordingID, track.isrc]
            case .album(let album): [album.artist, album.title, album.releaseID, album.releaseGroupID]
            case .artist(let artist): [artist.name, artist.artistID]
            }
        let text = words.map { $0 ?? "\u{1}" }.joined(separator: "\n")
        return Hex.encode(Array(SHA256.hash(data: Array(text.utf8)).prefix(16)))
    }

    // MARK: Tasks

    /// Those whose answer to this question is missing, old, or in another language.
    func staleSources(
        _ kind: OutsideSubject.Kind, _ id: Int64, asked: String, now: Int64, _ connection: any Connection
    ) throws -> [ServiceID] {
        let fresh = try connection.all(
            """
            SELECT source, language FROM enrichment
            WHERE kind = \(kind.rawValue) AND subject_id = \(id) AND asked = \(asked) AND expires_at > \(now)
            """
        ) { (source: $0.text(0) ?? "", language: $0.text(1)) }
        return sources(of: kind).filter { setting in
            !fresh.contains { $0.source == setting.source.rawValue && $0.language == setting.language }
        }.map(\.source)
    }

    func sources(of kind: OutsideSubject.Kind) -> [EnrichmentSource] {
        enrichmentSources.filter { $0.kinds.contains(kind) }
    }

    func complete(_ payload: EnrichPayload, _ connection: any Connection) throws -> EnrichPayload {
        let known = sources(of: payload.kind).map(\.source)
        guard !known.isEmpty else {
            throw StoreError.preconditionFailed("no service that could be asked is set up here")
        }
        if let other = payload.sources?.first(where: { !known.contains($0) }) {
            throw StoreError.preconditionFailed("\(other.title) is not set up here")
        }
        var payload = payload
        payload.sources = payload.sources ?? known
        if payload.subject == nil {
            guard let subject = try subject(payload.kind, payload.id, connection) else {
                throw StoreError.preconditionFailed(
                    "there is no \(payload.kind.rawValue) \(payload.id) with a name to be asked by")
            }
            payload.subject = subject
        }
        return payload
    }
}
