import Domain
import UseCases

extension ListenBrainz: MetadataSource {
    package var source: ServiceID { .listenbrainz }
    package var kinds: Set<OutsideSubject.Kind> { [.track, .artist] }
    package var language: String? { nil }
    package var pauseSeconds: Double { caller.pauseSeconds }

    private static let limit = Duration.seconds(20)
    /// Characters of all names of a lookup together.
    private static let namesMax = 250

    package func facts(of subject: OutsideSubject) async throws -> OutsideFacts? {
        do {
            switch subject {
            case .track(let track): return try await facts(of: track)
            case .artist(let artist): return try await facts(of: artist)
            case .album: return nil
            }
        } catch let failure as Failure where failure.reason == .signInAgain {
            // The token is the server's, so nobody's account is to blame.
            throw Failure.blocked("\(failure.message); check SILLON_LISTENBRAINZ_KEY")
        }
    }

    private func facts(of track: TrackQuestion) async throws -> OutsideFacts? {
        if let id = track.recordingID.flatMap({ MusicBrainzID($0)?.text }), let known = try await metadata(of: id) {
            var facts = Self.facts(known)
            facts.name = facts.name ?? track.title
            facts.musicBrainz.recording = id
            facts.confidence = 1
            facts.similar = try await similarRecordings(id)
            return facts
        }
        guard let found = try await lookUp(track, token: token), let id = found.recording_mbid else { return nil }
        var facts = found.metadata?.value.map(Self.facts) ?? OutsideFacts()
        facts.name = found.recording_name
        facts.artist = found.artist_credit_name
        facts.musicBrainz.recording = id
        facts.musicBrainz.release = found.release_mbid
        facts.musicBrainz.artists = found.artist_mbids?.value ?? []
        facts.similar = try await similarRecordings(id)
        return facts
    }

    /// Nil for an artist whose id nobody knows.
    private func facts(of artist: ArtistQuestion) async throws -> OutsideFacts? {
        guard let id = artist.artistID.flatMap({ MusicBrainzID($0)?.text }) else { return nil }
        let found = try await dataSet(
            "/similar-artists/json", "artist_mbids", id, as: ListenBrainzAnswers.SimilarArtist.self)
        let similar = Self.ranked(found.filter { $0.artist_mbid != id }, \.artist_mbid, \.score) { artist, match in
            artist.name?.value.map {
                OutsideFacts.Match($0, match: match, musicBrainzID: artist.artist_mbid)
            }
        }
        guard !similar.isEmpty else { return nil }
        var facts = OutsideFacts()
        facts.name = artist.name
        facts.musicBrainz.artists = [id]
        facts.similar = similar
        facts.confidence = 1
        return facts
    }

    // MARK: Asking

    /// Nil for what it does not know, and for names that are too long to be asked for.
    func lookUp(_ track: TrackQuestion, token: Credential?) async throws -> ListenBrainzAnswers.Lookup? {
        var names = [(name: "artist_name", value: track.artist), (name: "recording_name", value: track.title)]
        let length = track.artist.count + track.title.count
        guard length <= Self.namesMax, !track.artist.isEmpty, !track.title.isEmpty else { return nil }
        if let album = track.album, !album.isEmpty, length + album.count <= Self.namesMax {
            names.append((name: "release_name", value: album))
        }
        let details = [(name: "metadata", value: "true"), (name: "inc", value: "artist tag release")]
        return try await get("/metadata/lookup/", names + details, token: token, as: ListenBrainzAnswers.Lookup.self)
    }

    private func metadata(of recording: String) async throws -> ListenBrainzAnswers.Metadata? {
        let query = [(name: "recording_mbids", value: recording), (name: "inc", value: "artist tag release")]
        return try await get(
            "/metadata/recording/", query, token: token, as: [String: Lenient<ListenBrainzAnswers.Metadata>].self
        ).first?.value.value
    }

    private func similarRecordings(_ recording: String) async throws -> [OutsideFacts.Match] {
        let found = try await dataSet(
            "/similar-recordings/json", "recording_mbids", recording, as: ListenBrainzAnswers.SimilarRecording.self)
        let others = found.filter { $0.recording_mbid != recording }
        return Self.ranked(others, \.recording_mbid, \.score) { other, match in
            other.recording_name?.value.map {
                OutsideFacts.Match(
                    $0, artist: other.artist_credit_name?.value, match: match, musicBrainzID: other.recording_mbid)
            }
        }
    }

    /// Another host with a breaker of its own. Its data sets come and go: without one there is nothing similar.
    private func dataSet<Item: Decodable & Sendable>(
        _ path: String, _ name: String, _ id: String, as type: Item.Type
    ) async throws -> [Item] {
        var request = ServiceRequest(path, limit: Self.limit)
        request.query = [(name, id), ("algorithm", algorithm)]
        return try await labs.call(request) { answer in
            switch answer.status {
            case 200: try answer.read(LooseList<Item>.self, of: .listenbrainz).items
            case 400, 404: []
            default: throw answer.refusal(of: .listenbrainz)
            }
        }
    }

    // MARK: Understanding

    /// The best first, each once; the best has the match 1. They come in no order, and some twice.
    static func ranked<Item>(
        _ items: [Item], _ id: (Item) -> String, _ score: (Item) -> LooseNumber?,
        _ match: (Item, Double) -> OutsideFacts.Match?
    ) -> [OutsideFacts.Match] {
        let scored = items.compactMap { item in score(item)?.value.map { (item: item, score: $0) } }
            .filter { $0.score > 0 }.sorted { $0.score > $1.score }
        guard let best = scored.first?.score else { return [] }
        var seen: Set<String> = []
        return scored.filter { seen.insert(id($0.item)).inserted }.compactMap { match($0.item, $0.score / best) }
    }

    static func facts(_ metadata: ListenBrainzAnswers.Metadata) -> OutsideFacts {
        var facts = OutsideFacts()
        facts.name = metadata.recording?.value?.name?.value
        facts.durationMs = metadata.recording?.value?.length?.amount
        facts.artist = metadata.artist?.value?.name?.value
        facts.musicBrainz.artists = metadata.artist?.value?.artists?.items.compactMap(\.artist_mbid) ?? []
        facts.musicBrainz.release = metadata.release?.value?.mbid?.value
        facts.musicBrainz.releaseGroup = metadata.release?.value?.release_group_mbid?.value
        facts.date = metadata.release?.value?.year?.amount.map { "\($0)" }
        facts.tags = tags(metadata.tag?.value)
        facts.images = cover(metadata.release?.value)
        return facts
    }

    /// Of the recording, or of its artist where nobody tagged the recording.
    private static func tags(_ tags: ListenBrainzAnswers.Metadata.Tags?) -> [OutsideFacts.Tag] {
        let own = tags?.recording?.items ?? []
        let counted = (own.isEmpty ? tags?.artist?.items ?? [] : own).sorted {
            $0.count?.value ?? 0 > $1.count?.value ?? 0
        }
        let most = max(1, counted.first?.count?.value ?? 1)
        return counted.map { OutsideFacts.Tag($0.tag, weight: ($0.count?.value ?? 0) / most) }
    }

    private static func cover(_ release: ListenBrainzAnswers.Metadata.Release?) -> [OutsideFacts.Image] {
        guard let image = release?.caa_id?.amount,
            let id = release?.caa_release_mbid?.value.flatMap({ MusicBrainzID($0)?.text })
        else { return [] }
        return [OutsideFacts.Image("https://coverartarchive.org/release/\(id)/\(image)-500.jpg", width: 500)]
    }
}
