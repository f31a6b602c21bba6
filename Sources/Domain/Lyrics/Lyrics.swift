/// The words of a track, from one source.
package struct Lyrics: Hashable, Sendable {
    package enum Origin: String, CaseIterable, Sendable {
        /// A file beside the music.
        case file
        /// A tag of the music file.
        case tag
    }

    package struct Line: Hashable, Sendable {
        /// Milliseconds from the beginning of the track; nil where lyrics are not synced.
        package var startMs: Int64?
        package var text: String

        package init(startMs: Int64?, text: String) {
            self.startMs = startMs
            self.text = text
        }
    }

    package var origin: Origin
    /// As the source has it (ISO 639); nil when it does not say.
    package var language: String?
    /// True when every line has its time.
    package var isSynced: Bool
    /// Milliseconds by which all lines come sooner; negative ones come later.
    package var offsetMs: Int64
    /// As the source names the artist and the title; nil when it does not.
    package var displayArtist: String?
    package var displayTitle: String?
    /// By time when they are synced. Empty lines are pauses.
    package var lines: [Line]

    package init(
        origin: Origin, language: String? = nil, isSynced: Bool, offsetMs: Int64 = 0, displayArtist: String? = nil,
        displayTitle: String? = nil, lines: [Line]
    ) {
        self.origin = origin
        self.language = language
        self.isSynced = isSynced
        self.offsetMs = offsetMs
        self.displayArtist = displayArtist
        self.displayTitle = displayTitle
        self.lines = lines
    }

    /// Bytes of a text of lyrics; longer files are none.
    package static let maxBytes = 512 << 10
    package static let maxLines = 20_000
    /// All the words, a line each.
    package var text: String { lines.map(\.text).joined(separator: "\n") }
}
