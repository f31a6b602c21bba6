/// A playlist file as it is written: what it lists, and its own name.
package struct PlaylistText: Hashable, Sendable {
    package enum Format: String, CaseIterable, Sendable {
        case m3u, pls, xspf

        /// By the end of a file's name; nil for what is no playlist.
        package init?(fileExtension: String) {
            switch fileExtension {
            case "m3u", "m3u8": self = .m3u
            case "pls": self = .pls
            case "xspf": self = .xspf
            default: return nil
            }
        }
    }

    package enum Problem: Error, Hashable, Sendable {
        /// Segments of a stream, which M3U is used for, too.
        case isStream
        case isNoPlaylist(String)
    }

    package var name: String?
    /// Where the tracks are, as the file says it: paths and addresses.
    package var places: [String]
    /// Entries that are in none of them: of which it does not say where they are, and those that are too many.
    package var leftOut = 0
    /// True when it lists more than a playlist may hold.
    package var isCut = false

    init(name: String? = nil, places: [String] = []) {
        self.name = name
        self.places = places
    }

    /// Bytes of a playlist file; larger ones are not read.
    package static let maxBytes = 8 << 20
    /// Of a path or an address; the system takes no longer path.
    static let maxPlaceBytes = 3 * 4096

    package static func read(_ text: String, as format: Format) throws(Problem) -> PlaylistText {
        switch format {
        case .m3u: try readM3U(text)
        case .pls: try readPLS(text)
        case .xspf: try XSPFReader.read(text)
        }
    }

    mutating func add(_ place: some StringProtocol) {
        guard !place.isEmpty else { return }
        let isCut = places.count >= Playlist.maxEntries
        if isCut || place.utf8.count > Self.maxPlaceBytes { leftOut += 1 } else { places.append(String(place)) }
        if isCut { self.isCut = true }
    }

    mutating func take(name text: some StringProtocol) {
        let line = text.split(whereSeparator: \.isNewline).joined(separator: " ")
        let cut = String(String.UnicodeScalarView(line.unicodeScalars.prefix(Playlist.maxNameLength)))
        if name == nil, Playlist.isName(cut) { name = cut }
    }

    private static func readM3U(_ text: String) throws(Problem) -> PlaylistText {
        var list = PlaylistText()
        for line in lines(text) {
            let line = trimmed(line)
            guard line.first == "#" else {
                list.add(line)
                continue
            }
            if line.hasPrefix("#EXT-X-") { throw .isStream }
            if line.hasPrefix("#PLAYLIST:") { list.take(name: trimmed(line.dropFirst("#PLAYLIST:".count))) }
        }
        return list
    }

    /// `File12=…`, in any order; the numbers say which comes first.
    private static func readPLS(_ text: String) throws(Problem) -> PlaylistText {
        var files: [Int: Substring] = [:]
        var isPlaylist = false
        for line in lines(text) {
            let line = trimmed(line)
            if line.lowercased() == "[playlist]" { isPlaylist = true }
            guard let equals = line.firstIndex(of: "=") else { continue }
            let (key, value) = (line[..<equals].lowercased(), trimmed(line[line.index(after: equals)...]))
            guard key.hasPrefix("file"), let number = Int(trimmed(key.dropFirst(4))), number >= 0, files[number] == nil
            else { continue }
            files[number] = value
        }
        guard isPlaylist else { throw .isNoPlaylist("it has no line [playlist]") }
        var list = PlaylistText()
        for number in files.keys.sorted() { list.add(files[number] ?? "") }
        return list
    }

    /// Other breaks than those of systems may be part of a name.
    private static func lines(_ text: String) -> [Substring] {
        text.split { $0 == "\n" || $0 == "\r" || $0 == "\r\n" }
    }

    private static func trimmed(_ text: Substring) -> Substring {
        var text = text.drop { $0.isWhitespace || $0 == "\u{FEFF}" }
        while text.last?.isWhitespace == true { text.removeLast() }
        return text
    }
}
