/// Reads XSPF, which is XML, without an XML library: nothing is declared, nothing is fetched, nothing refers to a file.
/// A document with a DOCTYPE is refused, since XSPF has none and only attacks need one.
struct XSPFReader {
    private var rest: Substring.UTF8View
    private var open: [String] = []
    /// Where relative places begin, for each open tag (`xml:base`); empty: at the playlist's folder.
    private var bases: [String] = []
    private var list = PlaylistText()
    private var text: [UInt8] = []
    /// A track may have several places; the first is taken.
    private var hasPlace = false
    private var isPlaylist = false

    static let maxDepth = 32
    /// Of what stands between two tags.
    static let maxTextBytes = 64 << 10

    static func read(_ text: String) throws(PlaylistText.Problem) -> PlaylistText {
        var text = text
        text.makeContiguousUTF8()
        var reader = XSPFReader(rest: text[...].utf8)
        try reader.run()
        guard reader.isPlaylist else { throw .isNoPlaylist("it is no XSPF") }
        return reader.list
    }

    private init(rest: Substring.UTF8View) {
        self.rest = rest
    }

    private mutating func run() throws(PlaylistText.Problem) {
        while let first = rest.first {
            guard first == UInt8(ascii: "<") else {
                takeText()
                continue
            }
            if starts(with: "<!--") {
                try skip(past: "-->")
            } else if starts(with: "<![CDATA[") {
                rest = rest.dropFirst(9)
                keep(try skip(past: "]]>"))
            } else if starts(with: "<?") {
                try skip(past: "?>")
            } else if starts(with: "<!") {
                throw .isNoPlaylist("it holds a declaration, which playlists have no use for")
            } else {
                try takeTag()
            }
        }
        guard open.isEmpty else { throw .isNoPlaylist("it breaks off") }
    }

    private func starts(with word: StaticString) -> Bool { rest.starts(with: word.description.utf8) }

    /// What stands before `end`, which goes, too.
    @discardableResult
    private mutating func skip(past end: StaticString) throws(PlaylistText.Problem) -> Substring.UTF8View {
        let mark = Array(end.description.utf8)
        var place = rest
        while let next = place.firstIndex(of: mark[0]) {
            place = place[next...]
            if place.starts(with: mark) {
                defer { rest = place.dropFirst(mark.count) }
                return rest[..<next]
            }
            place = place.dropFirst()
        }
        throw .isNoPlaylist("it breaks off")
    }

    private mutating func takeTag() throws(PlaylistText.Problem) {
        guard let end = endOfTag() else { throw .isNoPlaylist("it breaks off") }
        let tag = rest[..<end].dropFirst()
        rest = rest[end...].dropFirst()
        if tag.first == UInt8(ascii: "/") {
            guard let last = open.last, last == Self.name(tag.dropFirst()) else {
                throw .isNoPlaylist("its tags do not match")
            }
            close()
        } else {
            guard open.count < Self.maxDepth else { throw .isNoPlaylist("its tags are too deep") }
            bases.append(base(in: tag).map(resolved) ?? bases.last ?? "")
            open.append(Self.name(tag))
            opened()
            text = []
            if tag.last == UInt8(ascii: "/") { close() }
        }
        text = []
    }

    private mutating func close() {
        closed()
        open.removeLast()
        bases.removeLast()
    }

    /// A value in quotes may hold `>`.
    private func endOfTag() -> Substring.UTF8View.Index? {
        var quote: UInt8?
        var index = rest.startIndex
        while index < rest.endIndex {
            let byte = rest[index]
            if let known = quote {
                if byte == known { quote = nil }
            } else if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
                quote = byte
            } else if byte == UInt8(ascii: ">") {
                return index
            }
            rest.formIndex(after: &index)
        }
        return nil
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }

    /// The value of `xml:base`; nil where there is none.
    private mutating func base(in tag: Substring.UTF8View) -> String? {
        var rest = tag.drop { !Self.isBlank($0) }
        while let equals = rest.firstIndex(of: UInt8(ascii: "=")) {
            let name = rest[..<equals].filter { !Self.isBlank($0) }
            let value = rest[equals...].dropFirst().drop(while: Self.isBlank)
            guard let quote = value.first, quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'"),
                let end = value.dropFirst().firstIndex(of: quote)
            else { return nil }
            if name.elementsEqual("xml:base".utf8) {
                text = []
                keep(plain: value[..<end].dropFirst())
                return String(decoding: text, as: UTF8.self)
            }
            rest = value[end...].dropFirst()
        }
        return nil
    }

    /// Behind the base that holds here, where it is relative (RFC 3986, 5.2).
    private func resolved(_ place: String) -> String {
        let isDrive = place.dropFirst().first == ":"
        let isWhole = place.contains("://") || place.lowercased().hasPrefix("file:") || isDrive
        guard let base = bases.last, let slash = base.lastIndex(of: "/"), !isWhole,
            place.first != "/", place.first != "\\"
        else { return place }
        return base[...slash] + place
    }

    /// Without its namespace's prefix and its attributes.
    private static func name(_ tag: Substring.UTF8View) -> String {
        let name = tag.prefix { !isBlank($0) && $0 != UInt8(ascii: "/") }.prefix(100)
        let local = name.lastIndex(of: UInt8(ascii: ":")).map { name[$0...].dropFirst() } ?? name
        return String(decoding: local, as: UTF8.self)
    }

    private mutating func opened() {
        if open == ["playlist"] { isPlaylist = true }
        if open == ["playlist", "trackList", "track"] { hasPlace = false }
    }

    private mutating func closed() {
        let words = String(decoding: text, as: UTF8.self)
        let start = words.drop { $0.isWhitespace }
        let value = start[..<(start.lastIndex { !$0.isWhitespace }.map(start.index(after:)) ?? start.startIndex)]
        if open == ["playlist", "title"] { list.take(name: value) }
        if open == ["playlist", "trackList", "track", "location"], !hasPlace, !value.isEmpty {
            hasPlace = true
            list.add(resolved(String(value)))
        }
        // A track that does not say where it is, is one that the library does not have.
        if open == ["playlist", "trackList", "track"], !hasPlace { list.leftOut += 1 }
    }

    private mutating func keep(_ bytes: some Sequence<UInt8>) {
        text += bytes.prefix(max(0, Self.maxTextBytes - text.count))
    }

    /// Up to the next tag.
    private mutating func takeText() {
        let piece = rest.prefix { $0 != UInt8(ascii: "<") }
        rest = rest[piece.endIndex...]
        keep(plain: piece)
    }

    /// With the five entities that XML has of its own and with numbers of characters.
    private mutating func keep(plain piece: Substring.UTF8View) {
        var left = piece
        while let ampersand = left.firstIndex(of: UInt8(ascii: "&")) {
            keep(left[..<ampersand])
            left = left[ampersand...]
            // The longest is a number.
            let near = left.prefix(12)
            if let end = near.firstIndex(of: UInt8(ascii: ";")), let scalar = Self.scalar(near[..<end].dropFirst()) {
                keep(String(Character(scalar)).utf8)
                left = left[end...].dropFirst()
            } else {
                keep([UInt8(ascii: "&")])
                left = left.dropFirst()
            }
        }
        keep(left)
    }

    private static func scalar(_ entity: Substring.UTF8View) -> Unicode.Scalar? {
        let text = String(decoding: entity, as: UTF8.self)
        switch text {
        case "amp": return "&"
        case "lt": return "<"
        case "gt": return ">"
        case "quot": return "\""
        case "apos": return "'"
        default:
            guard text.hasPrefix("#") else { return nil }
            let isHex = text.hasPrefix("#x")
            let number = UInt32(text.dropFirst(isHex ? 2 : 1), radix: isHex ? 16 : 10)
            return number.flatMap { $0 == 0 ? nil : Unicode.Scalar($0) }
        }
    }
}
