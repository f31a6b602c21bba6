/// What filters and rules ask of a track. The answers are in memory, so that a search need not read the database.
package struct TrackFacts: Hashable, Sendable {
    package var albumID: Int64?
    /// Of the track itself.
    package var artistIDs: [Int64] = []
    /// Of its album, besides.
    package var albumArtistIDs: [Int64] = []
    package var genreIDs: [Int64] = []
    package var folder: FilePath
    package var year: Int?
    /// Milliseconds, as decoded.
    package var durationMs: Int?
    package var tempoBpm: Double?
    package var key: CamelotKey?
    package var traits: TrackTraits = []
    package var recording = RecordingMark()

    package init(folder: FilePath) {
        self.folder = folder
    }
}

/// By what two files are known to hold the same recording.
package struct RecordingMark: Hashable, Sendable {
    /// A hash of the content key: the same encoded audio.
    package var content: UInt64?
    /// A hash of title and artist, folded: the same song when the durations agree, too.
    package var song: UInt64?

    /// Two encodings of one recording differ by the padding of their codecs, and by what a ripper cut off.
    package static let durationToleranceMs = 2000

    package init(content: UInt64? = nil, song: UInt64? = nil) {
        self.content = content
        self.song = song
    }

    /// FNV-1a (Fowler, Noll, Vo), 64 bits: chance meetings of a million names are one in 37 million.
    package static func hash(_ text: String) -> UInt64 {
        text.utf8.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
    }
}
