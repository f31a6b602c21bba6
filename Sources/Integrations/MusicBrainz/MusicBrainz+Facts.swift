import Domain
import UseCases

extension MusicBrainz: MetadataSource {
    package var source: ServiceID { .musicbrainz }
    package var kinds: Set<OutsideSubject.Kind> { [.track, .album, .artist] }
    package var language: String? { nil }
    package var pauseSeconds: Double { caller.pauseSeconds }

    package func facts(of subject: OutsideSubject) async throws -> OutsideFacts? {
        switch subject {
        case .track(let track): try await facts(of: track)
        case .album(let album): try await facts(of: album)
        case .artist(let artist): try await facts(of: artist)
        }
    }

    // MARK: Tracks

    private func facts(of track: TrackQuestion) async throws -> OutsideFacts? {
        let known = try await lookUp(
            "recording", track.recordingID,
            including: ["artist-credits", "releases", "release-groups", "isrcs", "tags", "genres"],
            as: MusicBrainzAnswers.Recording.self)
        if let known { return Self.facts(known, for: track, confidence: 1) }
        var query = LuceneQuery()
        if let isrc = track.isrc, !isrc.isEmpty {
            query.add("isrc", phrase: isrc)
        } else {
            query.add("recording", phrase: track.title)
            query.add("artist", phrase: track.artist)
        }
        let list = try await search("recording", query, as: MusicBrainzAnswers.RecordingList.self)
        guard let best = Self.best(list?.recordings.items ?? [], { CandidateScore.of($0, for: track) }) else {
            return nil
        }
        return Self.facts(best.item, for: track, confidence: best.score)
    }

    static func facts(
        _ recording: MusicBrainzAnswers.Recording, for track: TrackQuestion, confidence: Double
    ) -> OutsideFacts {
        var facts = OutsideFacts()
        facts.name = recording.title
        facts.artist = recording.credit?.text
        facts.musicBrainz.recording = recording.id
        facts.musicBrainz.artists = recording.credit?.artistIDs ?? []
        let release = release(among: recording.releases?.items ?? [], for: track)
        facts.musicBrainz.release = release?.id
        facts.musicBrainz.releaseGroup = release?.releaseGroup?.value?.id
        facts.url = "https://musicbrainz.org/recording/\(recording.id)"
        facts.durationMs = recording.length?.amount
        facts.date = recording.firstReleaseDate?.value
        facts.tags = tags(recording.genres, recording.tags)
        facts.confidence = confidence
        return facts
    }

    /// The one that the track says it is on, else the one whose title is most like it; without a title the first.
    private static func release(
        among releases: [MusicBrainzAnswers.Release], for track: TrackQuestion
    ) -> MusicBrainzAnswers.Release? {
        if let id = track.releaseID?.lowercased(), let own = releases.first(where: { $0.id == id }) { return own }
        guard let album = track.album else { return releases.first }
        return best(releases) { NameLikeness.of($0.title, album) }?.item
    }

    // MARK: Albums

    private static let releaseDetails = ["artist-credits", "release-groups", "media", "tags", "genres"]

    private func facts(of album: AlbumQuestion) async throws -> OutsideFacts? {
        let known = try await lookUp(
            "release", album.releaseID, including: Self.releaseDetails, as: MusicBrainzAnswers.Release.self)
        if let known { return Self.facts(known, confidence: 1) }
        guard let best = try await release(of: album) else { return nil }
        return Self.facts(best.item, confidence: best.score)
    }

    /// Searched for by names, or by the id of the group; nil when nothing is like it.
    func release(of album: AlbumQuestion) async throws -> (item: MusicBrainzAnswers.Release, score: Double)? {
        if let group = album.releaseGroupID.flatMap({ MusicBrainzID($0)?.text }) {
            var query = LuceneQuery()
            query.add("rgid", phrase: group)
            return try await best(query, album)
        }
        if let found = try await best(Self.query(album.title, album.artist), album) { return found }
        // "(Deluxe Edition)" and the like stand beside the title there.
        let bare = AlbumTitle(album.title).words
        guard bare != NameLikeness.words(album.title).filter(NameLikeness.isSpoken) else { return nil }
        return try await best(Self.query(bare.joined(separator: " "), album.artist), album)
    }

    private static func query(_ title: String, _ artist: String?) -> LuceneQuery {
        var query = LuceneQuery()
        query.add("release", phrase: title)
        if let artist { query.add("artist", phrase: artist) }
        return query
    }

    private func best(
        _ query: LuceneQuery, _ album: AlbumQuestion
    ) async throws -> (item: MusicBrainzAnswers.Release, score: Double)? {
        let list = try await search("release", query, as: MusicBrainzAnswers.ReleaseList.self)
        return Self.best(list?.releases.items ?? []) { CandidateScore.of($0, for: album) }
    }

    static func facts(_ release: MusicBrainzAnswers.Release, confidence: Double) -> OutsideFacts {
        let group = release.releaseGroup?.value
        var facts = OutsideFacts()
        facts.name = release.title
        facts.artist = release.credit?.text
        facts.musicBrainz.release = release.id
        facts.musicBrainz.releaseGroup = group?.id
        facts.musicBrainz.albumArtists = release.credit?.artistIDs ?? []
        facts.url = "https://musicbrainz.org/release/\(release.id)"
        facts.date = group?.firstReleaseDate?.value ?? release.date?.value
        let own = tags(release.genres, release.tags)
        facts.tags = own.isEmpty ? tags(group?.genres, group?.tags) : own
        facts.confidence = confidence
        return facts
    }

    // MARK: Artists

    private func facts(of artist: ArtistQuestion) async throws -> OutsideFacts? {
        let known = try await lookUp(
            "artist", artist.artistID, including: ["tags", "genres"], as: MusicBrainzAnswers.Artist.self)
        if let known { return Self.facts(known, confidence: 1) }
        var query = LuceneQuery()
        query.add("artist", phrase: artist.name)
        let list = try await search("artist", query, as: MusicBrainzAnswers.ArtistList.self)
        let found = Self.best(list?.artists.items ?? []) { CandidateScore.of($0, for: artist) }
        return found.map { Self.facts($0.item, confidence: $0.score) }
    }

    static func facts(_ artist: MusicBrainzAnswers.Artist, confidence: Double) -> OutsideFacts {
        var facts = OutsideFacts()
        facts.name = artist.name
        facts.musicBrainz.artists = [artist.id]
        facts.url = "https://musicbrainz.org/artist/\(artist.id)"
        facts.summary = artist.disambiguation?.value
        facts.date = artist.lifeSpan?.value?.begin?.value
        facts.tags = tags(artist.genres, artist.tags)
        facts.confidence = confidence
        return facts
    }

    // MARK: What they share

    /// The first of those that score highest: MusicBrainz's own order decides between equals.
    static func best<Item>(_ items: [Item], _ score: (Item) -> Double) -> (item: Item, score: Double)? {
        var best: (item: Item, score: Double)?
        for item in items {
            let score = score(item)
            if score >= CandidateScore.least, score > best?.score ?? 0 { best = (item, score) }
        }
        return best
    }

    /// Genres are tags that are on MusicBrainz's list of them; others follow. Votes may be negative.
    private static func tags(
        _ genres: LooseList<MusicBrainzAnswers.Tag>?, _ tags: LooseList<MusicBrainzAnswers.Tag>?
    ) -> [OutsideFacts.Tag] {
        let names = Set((genres?.items ?? []).map(\.name))
        let others = (tags?.items ?? []).filter { !names.contains($0.name) }
        let counted = ((genres?.items ?? []) + others).filter { $0.count?.value ?? 0 > 0 }
            .sorted { $0.count?.value ?? 0 > $1.count?.value ?? 0 }
        let most = max(1, counted.first?.count?.value ?? 1)
        return counted.map { OutsideFacts.Tag($0.name, weight: ($0.count?.value ?? 0) / most) }
    }
}
