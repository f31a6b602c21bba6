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
    /// Explicit: the advisory of iTunes. Live: the release type of MusicBrainz, or "(live" or "[live" in the title or
    /// album. Christmas: a word for it in title, album or genre.
    package init(_ metadata: TrackMetadata) {
        self = []
        let names = [metadata.title, metadata.album].compactMap { $0?.lowercased() }
        let advisory = metadata.extra["itunesadvisory"]?.first
        if advisory.map(Self.explicitAdvisories.contains) ?? false { insert(.explicit) }
        let types = (metadata.extra["releasetype"] ?? []).flatMap { $0.lowercased().split { !$0.isLetter } }
        if types.contains("live") || names.contains(where: { $0.contains("(live") || $0.contains("[live") }) {
            insert(.live)
        }
        let texts = names + metadata.genres.map { $0.lowercased() }
        if texts.contains(where: { text in Self.christmasWords.contains { text.contains($0) } }) { insert(.christmas) }
    }

    /// 1 is explicit; 4 is what older versions of iTunes wrote for it. 0 is nothing, 2 is clean.
    private static let explicitAdvisories: Set<String> = ["1", "4"]
    private static let christmasWords = ["christmas", "xmas", "x-mas", "weihnacht", "noël", "navidad", "natale"]
}
