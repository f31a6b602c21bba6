/// What is written into a file's tags, whatever its format; each writer maps it to its own names (Picard's mapping).
package struct TrackTags: Hashable, Sendable {
    package var title = ""
    package var artists: [String] = []
    package var album = ""
    package var albumArtist = ""
    package var trackNumber = 1
    package var trackTotal = 1
    package var discNumber = 1
    package var discTotal = 1
    /// `1997` or `1997-05-21`.
    package var date = ""
    package var genres: [String] = []
    package var composer: String?
    package var isCompilation = false
    package var bpm: Int?
    /// `F#m`.
    package var key: String?
    package var recordingID: String?
    package var releaseTrackID: String?
    package var releaseID: String?
    package var artistIDs: [String] = []
    package var albumArtistID: String?
    package var cover: Cover?

    package init() {}

    package struct Cover: Hashable, Sendable {
        package let mediaType: String
        package let bytes: [UInt8]

        package init(mediaType: String, bytes: [UInt8]) {
            self.mediaType = mediaType
            self.bytes = bytes
        }
    }

    /// The credit as one text, for formats and fields that hold one.
    package var artistCredit: String { artists.joined(separator: " & ") }
}
