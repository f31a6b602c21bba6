import Domain
import UseCases

/// Albums by their fronts.
enum AlbumCards {
    static func html(_ albums: [Album]) -> HTML {
        HTML(.ul, .named("albums")) {
            for album in albums { HTML(.li) { card(album) } }
        }
    }

    private static func card(_ album: Album) -> HTML {
        HTML(.a, .href(.album(album.id))) {
            // The title follows, and is not to be read twice.
            Cover.html(album.coverHash, .tile, alt: "")
            HTML(.bdi, .named("title")) { album.title }
        }
            + HTML(.bdi, .named("artist")) { album.artist ?? "" }
            + HTML(.span, .named("hint")) { facts(album) }
    }

    private static func facts(_ album: Album) -> String {
        let tracks = album.trackCount == 0 ? "files are missing" : Amount.count(album.trackCount, "track")
        return [album.year.map(String.init), tracks, album.mark?.starredAt.map { _ in "★" }]
            .compactMap { $0 }.joined(separator: " · ")
    }
}

/// A picture whose place is kept free until it is there.
enum Cover {
    /// - Parameter alt: What somebody is told who does not see it.
    static func html(_ hash: String?, _ size: CoverSize, alt: String) -> HTML {
        let edge = "\(size.rawValue)"
        guard let source = hash.flatMap({ LocalPath.cover($0, size) }) else {
            return HTML(.span, .named("cover none"), .init(.ariaHidden, "true"))
        }
        return HTML(
            .img, .named("cover"), .source(source), .init(.alt, alt), .init(.loading, "lazy"), .init(.width, edge),
            .init(.height, edge))
    }
}
