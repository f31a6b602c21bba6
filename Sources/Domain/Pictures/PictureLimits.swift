/// What a picture may be, looked at before it is decoded.
package enum PictureLimits {
    /// Of a picture that is fetched or found beside the music.
    package static let fetchedBytesMax = 10 << 20
    /// A decoded pixel takes 3 to 8 bytes.
    package static let pixelsMax = 50_000_000
    /// Kinds that are taken from folders and from services.
    package static let fetchedFormats: Set<PictureHeader.Format> = [.jpeg, .png, .webp, .gif]
}

/// Longer sides in which pictures are kept smaller: few, so that each is drawn once whatever clients ask for. 64 is a row of
/// a list; 250 and 500, which the Cover Art Archive has too, are tiles; 1000 fills a screen.
package enum CoverSize: Int, CaseIterable, Sendable {
    case row = 64
    case tile = 250
    case large = 500
    case screen = 1000

    /// The smallest that is no smaller than `side`; nil for more than the largest, which is the picture itself.
    package init?(atLeast side: Int) {
        guard let size = Self.allCases.first(where: { $0.rawValue >= side }) else { return nil }
        self = size
    }
}
