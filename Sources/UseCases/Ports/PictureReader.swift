import Domain

/// Decodes pictures where a crash costs one picture: in a media host. Throws `Failure` for all that a picture can do wrong.
package protocol PictureReader: Sendable {
    /// Decodes all of it. A picture that is cut off or damaged is refused.
    func examine(_ bytes: [UInt8]) async throws -> ExaminedPicture
    /// A JPEG whose longer side has `side` pixels at most.
    func shrink(_ bytes: [UInt8], toSide side: Int) async throws -> [UInt8]
}

/// A picture that was decoded once, and how large it is.
package struct ExaminedPicture: Hashable, Sendable {
    package let cover: CoverImage
    package let facts: PictureFacts

    package init(cover: CoverImage, facts: PictureFacts) {
        self.cover = cover
        self.facts = facts
    }
}
