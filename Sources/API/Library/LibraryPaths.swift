import Domain

/// Where what the library holds is shown, and heard.
extension LocalPath {
    static let library: LocalPath = "/library"

    // Numbers and hexadecimal digits only.
    static func track(_ id: Int64) -> LocalPath { LocalPath("/library/tracks/\(id)") ?? library }
    static func album(_ id: Int64) -> LocalPath { LocalPath("/library/albums/\(id)") ?? library }
    static func artist(_ id: Int64) -> LocalPath { LocalPath("/library/artists/\(id)") ?? library }
    static let queue: LocalPath = "/library/queue"
    static func playlist(_ id: Int64) -> LocalPath { LocalPath("/library/playlists/\(id)") ?? library }
    static func deletion(ofPlaylist id: Int64) -> LocalPath { LocalPath("/library/playlists/\(id)/delete") ?? library }
    static func export(ofPlaylist id: Int64) -> LocalPath {
        LocalPath("/v1/playlists/\(id)/export.m3u8") ?? library
    }
    static func stream(_ id: Int64) -> LocalPath { LocalPath("/v1/tracks/\(id)/stream") ?? library }

    static func cover(_ hash: String, _ size: CoverSize) -> LocalPath? {
        LocalPath(CoverURL.of(hash))?.with("size", "\(size.rawValue)")
    }

    static func search(_ text: String) -> LocalPath { library.with("q", text) }
}
