/// What a picture turned out to be when it was decoded.
package struct PictureFacts: Hashable, Codable, Sendable {
    /// Pixels, as the picture is seen: turned as its EXIF says.
    package var width: Int
    package var height: Int

    package init(width: Int, height: Int) {
        self.width = width
        self.height = height
    }
}
