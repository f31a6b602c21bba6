import Domain

/// `artwork_found` v1: a front of an album, decoded once to be sure that it is one.
package struct ArtworkFoundOutcome: Codable, Hashable, Sendable {
    package var albumID: Int64
    package var cover: CoverImage
    /// `sidecar`, or the name of a service.
    package var source: String
    package var address: String?
    /// Pixels.
    package var width: Int
    package var height: Int

    package init(
        albumID: Int64, cover: CoverImage, source: String, address: String?, width: Int, height: Int
    ) {
        self.albumID = albumID
        self.cover = cover
        self.source = source
        self.address = address
        self.width = width
        self.height = height
    }

    package static let sidecar = "sidecar"

    enum CodingKeys: String, CodingKey {
        case cover, source, address, width, height
        case albumID = "album_id"
    }
}

/// `artwork_absent` v1: nobody has a front of this album, or none that is a picture.
package struct ArtworkAbsentOutcome: Codable, Hashable, Sendable {
    package var albumID: Int64
    /// What was found and refused, and who did not answer; the first twenty.
    package var problems: [String]

    package init(albumID: Int64, problems: [String]) {
        self.albumID = albumID
        self.problems = problems
    }

    enum CodingKeys: String, CodingKey {
        case problems
        case albumID = "album_id"
    }
}
