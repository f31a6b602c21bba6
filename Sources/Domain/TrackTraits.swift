import Foundation

/// What the tags say a track is, for filters. Stored as a number: bits keep their meaning.
package struct TrackTraits: OptionSet, Hashable, Sendable {
    package let rawValue: UInt8

    package init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    package static let explicit = TrackTraits(rawValue: 1)
    package static let live = TrackTraits(rawValue: 2)
    package static let christmas = TrackTraits(rawValue: 4)
}

/// A trait by the name that people use.
package enum TrackTrait: String, CaseIterable, Sendable {
    case explicit, live, christmas

    package var traits: TrackTraits {
        switch self {
        case .explicit: .explicit
        case .live: .live
        case .christmas: .christmas
        }
    }
}

extension TrackTraits {
    /// Explicit: the advisory of iTunes. Live: the release type of MusicBrainz, the genre, or "live" in brackets or behind
    /// a dash in title or album. Christmas: a word for it in title, album or genre. Case and accents do not count.
    package init(_ metadata: TrackMetadata) {
        self = []
        let names = [metadata.title, metadata.album].compactMap { $0.map(Self.folded) }
        let genres = metadata.genres.map(Self.folded)
        let advisory = metadata.extra["itunesadvisory"]?.first
        if advisory.map(Self.explicitAdvisories.contains) ?? false { insert(.explicit) }
        let types = (metadata.extra["releasetype"] ?? []).flatMap { Self.words(Self.folded($0)) }
        if types.contains("live") || genres.contains("live") || names.contains(where: Self.tellsLive) { insert(.live) }
        if (names + genres).contains(where: Self.tellsChristmas) { insert(.christmas) }
    }

    /// 1 is explicit; 4 is what older versions of iTunes wrote for it. 0 is nothing, 2 is clean.
    private static let explicitAdvisories: Set<String> = ["1", "4"]

    private static func folded(_ text: String) -> String {
        text.folding(options: [.caseInsensitive, .diacriticInsensitive, .widthInsensitive], locale: nil)
    }

    private static func words(_ text: some StringProtocol) -> [Substring] {
        Substring(text).split { !$0.isLetter && !$0.isNumber }
    }

    // MARK: Live

    /// What may follow, behind a dash: "Live and Let Die" is a song.
    private static let afterLive: Set<Substring> = [
        "at", "from", "in", "on", "recording", "session", "sessions", "take", "version",
    ]

    private static func tellsLive(_ name: String) -> Bool {
        let inBrackets = name.split(omittingEmptySubsequences: false) { "([".contains($0) }.dropFirst()
        if inBrackets.contains(where: { words($0.prefix { !")]".contains($0) }).contains("live") }) { return true }
        guard let dash = name.range(of: " - ", options: .backwards) else { return false }
        let behind = words(name[dash.upperBound...])
        return behind.first == "live"
            && (behind.count == 1 || afterLive.contains(behind[1]) || behind[1].allSatisfy(\.isNumber))
    }

    // MARK: Christmas

    private static let christmasWords: Set<Substring> = ["christmas", "xmas", "noel", "navidad", "natale"]

    private static func tellsChristmas(_ text: String) -> Bool {
        // German makes longer words of it.
        words(text).contains { christmasWords.contains($0) || $0.hasPrefix("weihnacht") } || text.contains("x-mas")
    }
}
