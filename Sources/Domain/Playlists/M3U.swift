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

    /// What a line cannot hold as it is (a break, blanks at its end, bytes that are no UTF-8) is escaped, as in an address.
    private static func place(_ path: FilePath, from folder: FilePath?) -> String {
        guard let folder, folder.contains(path), folder != path else {
            return line(holding: path.bytes) ?? "file://" + escaped(path.bytes)
        }
        let start = folder.bytes.last == FilePath.slash ? folder.bytes.count : folder.bytes.count + 1
        let relative = Array(path.bytes[start...])
        guard let text = line(holding: relative) else { return escaped(relative) }
        // It would be read as a comment, as an address, or its blanks be lost.
        let isPlain = text.first != "#" && text.first?.isWhitespace != true && !text.prefix { $0 != "/" }.contains(":")
        return isPlain ? text : "./" + text
    }

    /// Nil for what would not be read back as it is.
    private static func line(holding bytes: [UInt8]) -> String? {
        guard let text = String(validating: bytes, as: UTF8.self), !text.contains(where: \.isNewline),
            text.last?.isWhitespace != true
        else { return nil }
        return text
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
