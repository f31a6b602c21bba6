import Domain
import UseCases

extension Napster: MetadataSource {
    package var source: ServiceID { .napster }
    package var kinds: Set<OutsideSubject.Kind> { [.track, .album, .artist] }
    package var language: String? { nil }
    package var pauseSeconds: Double { caller.pauseSeconds }

    private static let foundMax = 20
    private static let leastLikeness = 0.75

    package func facts(of subject: OutsideSubject) async throws -> OutsideFacts? {
        switch subject {
        case .track(let track): try await facts(of: track)
        case .album(let album): try await facts(of: album)
        case .artist(let artist): try await facts(of: artist)
        }
    }

    private func search(_ words: String, _ type: String) async throws -> NapsterAnswers.Found.Search.Lists? {
        let query = [
            (name: "query", value: words), (name: "type", value: type),
            (name: "per_type_limit", value: "\(Self.foundMax)"),
        ]
        return try await get("/v2.2/search/verbose", query, as: NapsterAnswers.Found.self)?.search.data
    }

    private func facts(of track: TrackQuestion) async throws -> OutsideFacts? {
        let found = try await search("\(track.artist) \(track.title)", "track")?.tracks?.items ?? []
        return Self.best(found) { item in
            if let asked = track.isrc, let isrc = item.isrc?.value, asked.lowercased() == isrc.lowercased() { return 1 }
            return Self.likeness(item.name, track.title, item.artistName?.value, track.artist)
        }.map { item, score in
            var facts = OutsideFacts()
            facts.name = item.name
            facts.artist = item.artistName?.value
            facts.url = item.href?.value
            facts.durationMs = item.playbackSeconds?.amount.flatMap { $0 < 1_000_000 ? $0 * 1000 : nil }
            facts.images = image(ofAlbum: item.albumId?.value)
            facts.confidence = score
            return facts
        }
    }

    private func facts(of album: AlbumQuestion) async throws -> OutsideFacts? {
        let words = [album.artist, album.title].compactMap(\.self).joined(separator: " ")
        let found = try await search(words, "album")?.albums?.items ?? []
        return Self.best(found) { Self.likeness($0.name, album.title, $0.artistName?.value, album.artist) }
            .map { item, score in
                var facts = OutsideFacts()
                facts.name = item.name
                facts.artist = item.artistName?.value
                facts.url = item.href?.value
                facts.date = item.released?.value.map { String($0.prefix(10)) }
                facts.images = image(ofAlbum: item.id)
                facts.confidence = score
                return facts
            }
    }

    private func facts(of artist: ArtistQuestion) async throws -> OutsideFacts? {
        let found = try await search(artist.name, "artist")?.artists?.items ?? []
        guard let (item, score) = Self.best(found, { NameLikeness.of($0.name, artist.name) }) else { return nil }
        var facts = OutsideFacts()
        facts.name = item.name
        facts.url = item.href?.value
        facts.summary = item.bios?.value?.items.first?.bio?.value.map(PlainText.of)
        facts.confidence = score
        guard let id = Self.pathPart(item.id) else { return facts }
        let similar = try await get("/v2.2/artists/\(id)/similar", [], as: NapsterAnswers.Similar.self)?.artists.items
        // In their order, which is all that is said of how similar they are.
        let count = Double(max(1, similar?.count ?? 0))
        facts.similar = (similar ?? []).enumerated().map { place, other in
            OutsideFacts.Match(other.name, match: 1 - Double(place) / count)
        }
        return facts
    }

    private func image(ofAlbum id: String?) -> [OutsideFacts.Image] {
        guard let id = id.flatMap(Self.pathPart) else { return [] }
        return [OutsideFacts.Image("\(caller.address.url)/imageserver/v2/albums/\(id)/images/500x500.jpg", width: 500)]
    }

    /// `alb.12`; nil for what would lead elsewhere.
    private static func pathPart(_ id: String) -> String? {
        let isPlain = id.utf8.allSatisfy { byte in
            byte == UInt8(ascii: ".") || (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte | 0x20)
        }
        return isPlain && (1...64).contains(id.utf8.count) && id.contains { $0 != "." } ? id : nil
    }

    private static func likeness(_ name: String, _ asked: String, _ artist: String?, _ askedArtist: String?) -> Double {
        let title = NameLikeness.of(name, asked)
        guard let artist, let askedArtist else { return title }
        return 0.6 * title + 0.4 * NameLikeness.of(artist, askedArtist)
    }

    private static func best<Item>(_ items: [Item], _ score: (Item) -> Double) -> (Item, Double)? {
        let scored = items.map { ($0, score($0)) }
        return scored.max { $0.1 < $1.1 }.flatMap { $0.1 >= leastLikeness ? $0 : nil }
    }
}
