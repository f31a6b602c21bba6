import Domain

/// `download_artwork` v1: find a front for an album whose files hold no picture.
///
/// The orchestrator fills in all but the id when the sender leaves them out.
package struct DownloadArtworkPayload: Codable, Hashable, Sendable {
    package var albumID: Int64
    package var title: String?
    package var artist: String?
    package var year: Int?
    package var trackCount: Int?
    /// MusicBrainz ids, as tagged.
    package var releaseID: String?
    package var releaseGroupID: String?
    /// Where the album's files are; a picture may lie beside them.
    package var folders: [FilePath]?
    /// Nothing outside this folder is opened.
    package var rootPath: FilePath?

    package init(albumID: Int64) {
        self.albumID = albumID
    }

    /// One search for an album at a time.
    package var dedupeKey: String { "download_artwork:\(albumID)" }

    /// An album on more folders is looked for in these.
    package static let maxFolders = 8

    enum CodingKeys: String, CodingKey {
        case title, artist, year, folders
        case albumID = "album_id"
        case trackCount = "track_count"
        case releaseID = "release_id"
        case releaseGroupID = "release_group_id"
        case rootPath = "root_path"
    }
}
