/// An audio file the library knows, or a part of one. It keeps its id when the file is moved or retagged.
package struct Track: Hashable, Sendable {
    package enum State: String, Codable, Sendable {
        case present
        /// The last scan did not find the file. A scan never deletes a track.
        case missing
    }

    package var id: Int64
    package var path: FilePath
    /// Where the track lies in its file; nil when it is all of it.
    package var segment: Segment?
    package var state: State
    package var facts: FileFacts
    package var metadata: TrackMetadata
    package var properties: AudioProperties
    package var albumID: Int64?
    package var artistIDs: [Int64]
    package var coverHash: String?
    package var contentKey: String?
    package var analysis: AudioAnalysis?
    /// What the analysis, and those of the album's other tracks, come to; nil before the analysis.
    package var measuredGain: ReplayGain?
    package var hasVector: Bool
    /// Microseconds since the epoch.
    package var addedAt: Int64
    package var indexedAt: Int64
    /// Of the account that asks; nil when nobody in particular does. So for albums and artists.
    package var mark: Mark?
    /// What services outside said; empty in lists.
    package var outside: [OutsideFinding] = []

    package init(
        id: Int64, path: FilePath, segment: Segment? = nil, state: State, facts: FileFacts, metadata: TrackMetadata,
        properties: AudioProperties, albumID: Int64?, artistIDs: [Int64], coverHash: String?, contentKey: String?,
        analysis: AudioAnalysis?, hasVector: Bool, addedAt: Int64, indexedAt: Int64
    ) {
        self.id = id
        self.path = path
        self.segment = segment
        self.state = state
        self.facts = facts
        self.metadata = metadata
        self.properties = properties
        self.albumID = albumID
        self.artistIDs = artistIDs
        self.coverHash = coverHash
        self.contentKey = contentKey
        self.analysis = analysis
        self.hasVector = hasVector
        self.addedAt = addedAt
        self.indexedAt = indexedAt
    }

    /// The title, or the file name when the tags give none.
    package var displayTitle: String {
        metadata.title ?? String(decoding: path.lastComponent, as: UTF8.self)
    }

    package var displayArtist: String {
        metadata.artistCredit ?? metadata.artists.joined(separator: ", ")
    }
}

package struct Album: Hashable, Sendable {
    package var id: Int64
    package var title: String
    package var artist: String?
    package var year: Int?
    package var trackCount: Int
    /// Milliseconds over all tracks.
    package var durationMs: Int
    package var coverHash: String?
    /// Of the picture that `coverHash` is of.
    package var coverOrigin: CoverOrigin?
    /// Nil while nobody looked for one, and where the files hold one.
    package var coverSearch: CoverSearch?
    package var musicBrainzID: String?
    /// Gain and peak of the album; nil until all its tracks were heard.
    package var measuredGain: ReplayGain?
    package var mark: Mark?
    /// What services outside said; empty in lists.
    package var outside: [OutsideFinding] = []

    package init(
        id: Int64, title: String, artist: String?, year: Int?, trackCount: Int, durationMs: Int, coverHash: String?,
        musicBrainzID: String?
    ) {
        self.id = id
        self.title = title
        self.artist = artist
        self.year = year
        self.trackCount = trackCount
        self.durationMs = durationMs
        self.coverHash = coverHash
        self.musicBrainzID = musicBrainzID
    }
}

package struct Artist: Hashable, Sendable {
    package var id: Int64
    package var name: String
    package var sortName: String?
    package var trackCount: Int
    package var albumCount: Int
    package var musicBrainzID: String?
    package var mark: Mark?
    /// What services outside said; empty in lists.
    package var outside: [OutsideFinding] = []

    package init(
        id: Int64, name: String, sortName: String?, trackCount: Int, albumCount: Int, musicBrainzID: String?
    ) {
        self.id = id
        self.name = name
        self.sortName = sortName
        self.trackCount = trackCount
        self.albumCount = albumCount
        self.musicBrainzID = musicBrainzID
    }
}
