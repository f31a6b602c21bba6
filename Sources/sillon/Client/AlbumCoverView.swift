/// An album as far as its cover goes.
struct AlbumCoverView: Decodable, Sendable {
    struct Origin: Decodable, Sendable {
        var source: String
        var address: String?
    }

    struct Search: Decodable, Sendable {
        var problems: [String]
    }

    var id: Int64
    var title: String
    var artist: String?
    var cover: String?
    var origin: Origin?
    var search: Search?

    enum CodingKeys: String, CodingKey {
        case id, title, artist, cover
        case origin = "cover_origin"
        case search = "cover_search"
    }

    static func table(_ albums: [AlbumCoverView]) -> TextTable {
        var table = TextTable([
            .init("ID", .right), .init("ARTIST – ALBUM", canShrink: true), .init("COVER"),
            .init("FROM, OR WHY NOT", canShrink: true),
        ])
        for album in albums {
            let name = album.artist.map { "\($0) – \(album.title)" } ?? album.title
            table.add([
                "\(album.id)", name, album.cover == nil ? "none" : album.origin?.source ?? "?",
                album.cover == nil ? album.reason : album.origin?.address,
            ])
        }
        return table
    }

    private var reason: String {
        guard let search else { return "not looked for yet" }
        return search.problems.isEmpty ? "nobody has one" : search.problems.joined(separator: "; ")
    }
}
