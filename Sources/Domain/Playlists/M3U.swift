/// Writes extended M3U playlists: UTF-8, a file a line.
package enum M3U {
    /// - Parameter name: nil for a playlist without one.
    package static func head(name: String?) -> String {
        "#EXTM3U\n" + (name.map { "#PLAYLIST:\(line($0))\n" } ?? "")
    }

    /// The two lines of one track.
    /// - Parameters:
    ///   - title: as people read it, "Artist - Title".
    ///   - folder: the folder from which the path is told; nil tells it from the root of the file system.
    package static func entry(title: String, durationMs: Int?, path: FilePath, from folder: FilePath?) -> String {
        let seconds = durationMs.map { $0 / 1000 } ?? -1
        return "#EXTINF:\(seconds),\(line(title))\n\(place(path, from: folder))\n"
    }

    /// What a line cannot hold as it is (a break, bytes that are no UTF-8) is written as a `file:` address.
    private static func place(_ path: FilePath, from folder: FilePath?) -> String {
        guard let text = String(validating: path.bytes, as: UTF8.self), !text.contains(where: \.isNewline) else {
            return "file://" + escaped(path.bytes)
        }
        guard let folder, folder.contains(path), folder != path else { return text }
        let start = folder.bytes.last == FilePath.slash ? folder.bytes.count : folder.bytes.count + 1
        let relative = String(decoding: path.bytes[start...], as: UTF8.self)
        // It would be read as a comment, or its blanks be lost.
        return relative.first == "#" || relative.first?.isWhitespace == true ? "./" + relative : relative
    }

    private static func escaped(_ bytes: [UInt8]) -> String {
        let plain = Set("/-._~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ".utf8)
        return bytes.map { byte in
            plain.contains(byte)
                ? String(UnicodeScalar(byte)) : "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
        }.joined()
    }

    private static func line(_ text: String) -> String {
        text.split(whereSeparator: \.isNewline).joined(separator: " ")
    }
}
