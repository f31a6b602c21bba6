import Domain
import Foundation
import UseCases

extension LastFM: MetadataSource {
    package var source: ServiceID { .lastfm }
    package var kinds: Set<OutsideSubject.Kind> { [.track, .album, .artist] }
    package var pauseSeconds: Double { caller.pauseSeconds }

    private static let similarMax = 50
    /// The picture of a star that stands for "no image".
    private static let starHash = "2a96cbd8b46e442fc41c2b86b821562f"
    /// What a summary ends with: a link to the page, and its licence.
    private static let readMore = "Read more on Last.fm"
    private static let pixels = ["small": 34, "medium": 64, "large": 174, "extralarge": 300, "mega": 300]

    package func facts(of subject: OutsideSubject) async throws -> OutsideFacts? {
        switch subject {
        case .track(let track): try await facts(of: track)
        case .album(let album): try await facts(of: album)
        case .artist(let artist): try await facts(of: artist)
        }
    }

    /// By names: its ids of MusicBrainz are old and sometimes wrong.
    private func facts(of track: TrackQuestion) async throws -> OutsideFacts? {
        let names = [(name: "artist", value: track.artist), (name: "track", value: track.title), Self.correct]
        guard let info = try await read("track.getInfo", names + inLanguage, as: LastFMAnswers.TrackAnswer.self)?.track,
            !Self.isStub(info)
        else { return nil }
        let similar = try await read(
            "track.getSimilar", names + [Self.fewSimilar], as: LastFMAnswers.SimilarTracks.self)
        return Self.facts(info, similar: similar?.similartracks.value?.track?.items ?? [])
    }

    private func facts(of album: AlbumQuestion) async throws -> OutsideFacts? {
        // A compilation is filed under this name.
        let artist = album.artist ?? "Various Artists"
        let names = [(name: "artist", value: artist), (name: "album", value: album.title), Self.correct]
        return try await read("album.getInfo", names + inLanguage, as: LastFMAnswers.AlbumAnswer.self)
            .map { Self.facts($0.album) }
    }

    private func facts(of artist: ArtistQuestion) async throws -> OutsideFacts? {
        let names = [(name: "artist", value: artist.name), Self.correct]
        guard let info = try await read("artist.getInfo", names + inLanguage, as: LastFMAnswers.ArtistAnswer.self)
        else { return nil }
        let tags = try await read("artist.getTopTags", names, as: LastFMAnswers.TopTags.self)
        let similar = try await read(
            "artist.getSimilar", names + [Self.fewSimilar], as: LastFMAnswers.SimilarArtists.self)
        return Self.facts(
            info.artist, tags: tags?.toptags.value,
            similar: similar?.similarartists.value?.artist?.items ?? [])
    }

    private static var correct: (name: String, value: String) { ("autocorrect", "1") }
    private static var fewSimilar: (name: String, value: String) { ("limit", "\(similarMax)") }
    private var inLanguage: [(name: String, value: String)] { language.map { [("lang", $0)] } ?? [] }

    /// Names that nobody ever played are answered with nothing but themselves.
    static func isStub(_ info: LastFMAnswers.TrackInfo) -> Bool {
        info.duration?.amount == nil && info.album?.value == nil && info.listeners?.amount == nil
            && (info.toptags?.value?.tag?.items ?? []).isEmpty
    }

    static func facts(_ info: LastFMAnswers.TrackInfo, similar: [LastFMAnswers.Similar]) -> OutsideFacts {
        var facts = OutsideFacts()
        facts.name = info.name
        facts.artist = info.artist?.name
        facts.musicBrainz.recording = info.mbid?.value
        facts.musicBrainz.release = info.album?.value?.mbid?.value
        facts.url = info.url?.value
        facts.summary = summary(info.wiki?.value)
        facts.listeners = info.listeners?.count
        facts.plays = info.playcount?.count
        facts.durationMs = info.duration?.amount
        facts.tags = tags(info.toptags?.value)
        facts.images = images(info.album?.value?.image)
        facts.similar = matches(similar)
        return facts
    }

    static func facts(_ info: LastFMAnswers.AlbumInfo) -> OutsideFacts {
        var facts = OutsideFacts()
        facts.name = info.name
        facts.artist = info.artist?.name
        facts.musicBrainz.release = info.mbid?.value
        facts.url = info.url?.value
        facts.summary = summary(info.wiki?.value)
        facts.listeners = info.listeners?.count
        facts.plays = info.playcount?.count
        facts.tags = tags(info.tags?.value)
        facts.images = images(info.image)
        return facts
    }

    static func facts(
        _ info: LastFMAnswers.ArtistInfo, tags weighed: LastFMAnswers.Tags?, similar: [LastFMAnswers.Similar]
    ) -> OutsideFacts {
        var facts = OutsideFacts()
        facts.name = info.name
        facts.musicBrainz.artists = [info.mbid?.value].compactMap(\.self)
        facts.url = info.url?.value
        facts.summary = summary(info.bio?.value)
        facts.listeners = info.stats?.value?.listeners?.count
        facts.plays = info.stats?.value?.playcount?.count
        let top = tags(weighed)
        facts.tags = top.isEmpty ? tags(info.tags?.value) : top
        facts.images = images(info.image)
        facts.similar = matches(similar)
        return facts
    }

    private static func summary(_ wiki: LastFMAnswers.Wiki?) -> String? {
        guard let html = wiki?.summary?.value else { return nil }
        var text = PlainText.of(html)
        if let more = text.range(of: readMore) { text = PlainText.of(String(text[..<more.lowerBound])) }
        return text.isEmpty ? nil : text
    }

    private static func tags(_ tags: LastFMAnswers.Tags?) -> [OutsideFacts.Tag] {
        (tags?.tag?.items ?? []).map { tag in
            OutsideFacts.Tag(tag.name, weight: tag.count?.value.map { $0 / 100 })
        }
    }

    private static func matches(_ similar: [LastFMAnswers.Similar]) -> [OutsideFacts.Match] {
        let matches = similar.map {
            OutsideFacts.Match(
                $0.name, artist: $0.artist?.name, match: $0.match?.value ?? 0, musicBrainzID: $0.mbid?.value)
        }
        return matches.sorted { $0.match > $1.match }
    }

    /// The widest first, each address once, without the star.
    static func images(_ images: LooseList<LastFMAnswers.Image>?) -> [OutsideFacts.Image] {
        var seen: Set<String> = []
        let found = (images?.items ?? []).compactMap { image -> OutsideFacts.Image? in
            guard let address = image.text?.value, !address.contains(starHash) else { return nil }
            return OutsideFacts.Image(address, width: pixels[image.size?.value ?? ""])
        }
        return found.sorted { ($0.width ?? 0) > ($1.width ?? 0) }.filter { seen.insert($0.address).inserted }
    }
}
