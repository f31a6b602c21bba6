/// An album as far as its cover goes.
struct AlbumCoverView: Decodable, Sendable {
    struct Origin: Decodable, Sendable {
        var source: String
        var address: String?
    }

    var id: Int64
    var title: String
    var artist: String?
    var cover: String?
    var origin: Origin?

    enum CodingKeys: String, CodingKey {
        case id, title, artist, cover
        case origin = "cover_origin"
    }

    static func table(_ albums: [AlbumCoverView]) -> TextTable {
        var table = TextTable([
            .init("ID", .right), .init("ARTIST – ALBUM", canShrink: true), .init("COVER"),
            .init("FROM", canShrink: true),
        ])
        for album in albums {
            let name = album.artist.map { "\($0) – \(album.title)" } ?? album.title
            table.add([
                "\(album.id)", name, album.cover == nil ? "none" : album.origin?.source ?? "?", album.origin?.address,
            ])
        }
        return table
    }
}
