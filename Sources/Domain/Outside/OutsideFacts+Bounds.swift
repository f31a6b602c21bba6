extension OutsideFacts {
    package static let maxNameCharacters = 500
    package static let maxSummaryCharacters = 4000
    package static let maxAddressCharacters = 2000
    package static let maxTags = 50
    package static let maxSimilar = 100
    package static let maxImages = 10
    private static let maxIDs = 20
    /// A piece of music of a week.
    private static let maxDurationMs = 7 * 24 * 3_600_000

    /// The same without what is too long, out of range or no address, whatever a service sent.
    package func bounded() -> OutsideFacts {
        var facts = self
        facts.name = Self.name(name)
        facts.artist = Self.name(artist)
        facts.musicBrainz = musicBrainz.bounded(Self.maxIDs)
        facts.url = Self.address(url)
        facts.summary = Self.text(summary, Self.maxSummaryCharacters)
        facts.listeners = listeners.flatMap { $0 >= 0 ? $0 : nil }
        facts.plays = plays.flatMap { $0 >= 0 ? $0 : nil }
        facts.durationMs = durationMs.flatMap { (1...Self.maxDurationMs).contains($0) ? $0 : nil }
        facts.date = date.flatMap { Self.isDate($0) ? $0 : nil }
        facts.tags = tags.compactMap(Self.tag).prefixArray(Self.maxTags)
        facts.similar = similar.compactMap(Self.match).prefixArray(Self.maxSimilar)
        facts.images = images.compactMap(Self.image).prefixArray(Self.maxImages)
        facts.confidence = confidence.map(Self.share)
        return facts
    }

    private static func tag(_ tag: Tag) -> Tag? {
        Self.name(tag.name).map { Tag($0, weight: tag.weight.map(share)) }
    }

    private static func match(_ match: Match) -> Match? {
        Self.name(match.name).map {
            Match(
                $0, artist: Self.name(match.artist), match: share(match.match),
                musicBrainzID: match.musicBrainzID.flatMap { MusicBrainzID($0)?.text })
        }
    }

    private static func image(_ image: Image) -> Image? {
        address(image.address).map { Image($0, width: image.width.flatMap { (1...100_000).contains($0) ? $0 : nil }) }
    }

    private static func share(_ value: Double) -> Double { value.isFinite ? min(1, max(0, value)) : 0 }

    private static func name(_ text: String?) -> String? { Self.text(text, maxNameCharacters) }

    /// Nil for what is empty; control characters become spaces.
    private static func text(_ text: String?, _ max: Int) -> String? {
        guard let text else { return nil }
        let clean = String(text.prefix(max).map { $0.isControl && $0 != "\n" ? " " : $0 })
        return clean.contains { !$0.isWhitespace } ? clean : nil
    }

    /// Only what a browser may follow.
    private static func address(_ text: String?) -> String? {
        guard let text, text.utf8.count <= maxAddressCharacters else { return nil }
        guard text.hasPrefix("https://") || text.hasPrefix("http://") else { return nil }
        return text.utf8.allSatisfy { $0 > 0x20 && $0 != 0x7F && $0 != UInt8(ascii: "\"") } ? text : nil
    }

    /// `1997`, `1997-05` or `1997-05-21`
    private static func isDate(_ text: String) -> Bool {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        return (1...3).contains(parts.count)
            && zip(parts, [4, 2, 2]).allSatisfy { part, count in
                part.utf8.count == count && part.utf8.allSatisfy { (0x30...0x39).contains($0) }
            }
    }
}

extension MusicBrainzIDs {
    /// Without what is no id.
    fileprivate func bounded(_ max: Int) -> MusicBrainzIDs {
        func id(_ text: String?) -> String? { text.flatMap { MusicBrainzID($0)?.text } }
        var ids = self
        ids.recording = id(recording)
        ids.releaseTrack = id(releaseTrack)
        ids.release = id(release)
        ids.releaseGroup = id(releaseGroup)
        ids.work = id(work)
        ids.artists = artists.prefix(max).compactMap(id)
        ids.albumArtists = albumArtists.prefix(max).compactMap(id)
        return ids
    }
}

extension Character {
    fileprivate var isControl: Bool { unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x7F } }
}

extension Array {
    fileprivate func prefixArray(_ count: Int) -> [Element] { Array(prefix(count)) }
}
