/// Where a line of a playlist file may lead in the library. Nothing is looked up: these are candidates, the likeliest
/// first, and none lies outside of the library roots.
package enum PlaylistPlace {
    /// Candidates of one line.
    static let maxCandidates = 64
    /// A path of another machine is looked for by its end, of which so many parts have to be the same at least.
    static let minSharedParts = 2

    /// - Parameters:
    ///   - place: a path or a `file:` address, as the playlist has it.
    ///   - folder: where the playlist lies; relative paths begin there. Where that is not known, or lies outside of the
    ///     library, they may begin at a library root, too.
    package static func candidates(_ place: String, in folder: FilePath?, roots: [FilePath]) -> [FilePath] {
        var found: [FilePath] = []
        for spelling in spellings(place) {
            for path in paths(spelling, in: folder, roots: roots)
            where found.count < maxCandidates && !found.contains(path) && roots.contains(where: { $0.contains(path) }) {
                found.append(path)
            }
        }
        return found
    }

    /// The bytes that the line may stand for.
    private static func spellings(_ place: String) -> [[UInt8]] {
        if let colon = place.firstIndex(of: ":"), isScheme(place[..<colon]) {
            let rest = place[place.index(after: colon)...]
            // "Prelude: b.mp3" is a name; "file:b.mp3" may be both.
            if place[..<colon].lowercased() == "file" {
                let address = decoded(rest.utf8).map { [withoutHost($0)] } ?? []
                return rest.first == "/" ? address : names(place) + address
            }
            if rest.hasPrefix("//") { return [] }
        }
        return names(place)
    }

    private static func names(_ place: String) -> [[UInt8]] {
        let plain = Array(place.utf8)
        // Some programs escape relative paths as if they were addresses.
        let escaped = plain.contains(UInt8(ascii: "%")) ? decoded(place.utf8) : nil
        return ([plain] + [escaped].compactMap(\.self)).filter { !$0.contains(0) }
    }

    /// Two letters at least: one is a drive of Windows.
    private static func isScheme(_ text: Substring) -> Bool {
        text.utf8.count >= 2 && text.utf8.count <= 20
            && text.utf8.allSatisfy { (0x61...0x7A).contains($0 | 0x20) || (0x30...0x39).contains($0) }
    }

    /// `//host/path` and `/path`; a host that is not this machine is as good as a path from elsewhere.
    private static func withoutHost(_ bytes: [UInt8]) -> [UInt8] {
        guard bytes.starts(with: Array("//".utf8)) else { return bytes }
        return Array(bytes.dropFirst(2).drop { $0 != FilePath.slash })
    }

    /// Nil for escapes that are none, and for NUL.
    private static func decoded(_ bytes: some Collection<UInt8>) -> [UInt8]? {
        var (result, rest) = ([UInt8](), Array(bytes)[...])
        result.reserveCapacity(rest.count)
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                result.append(byte)
                continue
            }
            guard rest.count >= 2, let value = Hex.decode(String(decoding: rest.prefix(2), as: UTF8.self)) else {
                return nil
            }
            result += value
            rest = rest.dropFirst(2)
        }
        return result.contains(0) ? nil : result
    }

    private static func paths(_ bytes: [UInt8], in folder: FilePath?, roots: [FilePath]) -> [FilePath] {
        let backslash = UInt8(ascii: "\\")
        let isDrive =
            bytes.count > 2 && bytes[1] == UInt8(ascii: ":") && (0x61...0x7A).contains(bytes[0] | 0x20)
            && (bytes[2] == backslash || bytes[2] == FilePath.slash)
        // file:///C:/Music
        if bytes.first == FilePath.slash, !isDrive, bytes.count > 3, bytes[2] == UInt8(ascii: ":") {
            let inner = paths(Array(bytes.dropFirst()), in: folder, roots: roots)
            if !inner.isEmpty { return inner }
        }
        if isDrive || bytes.starts(with: [backslash, backslash]) {
            return fromElsewhere(parts(bytes.dropFirst(2).map { $0 == backslash ? FilePath.slash : $0 }), roots)
        }
        if bytes.first == FilePath.slash {
            guard let path = normalized(parts(bytes), from: []) else { return [] }
            return [path] + (roots.contains { $0.contains(path) } ? [] : fromElsewhere(parts(bytes), roots))
        }
        var found: [FilePath] = []
        for start in beginnings(folder, roots) {
            // A backslash may be part of a name here, and is more often Windows' slash.
            for spelling in [bytes, bytes.map { $0 == backslash ? FilePath.slash : $0 }] {
                let relative = spelling.first == FilePath.slash ? Array(spelling.dropFirst()) : spelling
                if let path = normalized(parts(relative), from: parts(start.bytes)) { found.append(path) }
            }
        }
        return found
    }

    /// Where relative paths may begin.
    private static func beginnings(_ folder: FilePath?, _ roots: [FilePath]) -> [FilePath] {
        guard let folder else { return roots }
        return roots.contains { $0.contains(folder) } ? [folder] : [folder] + roots
    }

    private static func parts(_ bytes: [UInt8]) -> [[UInt8]] {
        bytes.split(separator: FilePath.slash).map(Array.init)
    }

    /// Nil when it climbs above the root of the file system.
    private static func normalized(_ parts: [[UInt8]], from start: [[UInt8]]) -> FilePath? {
        var result = start
        for part in parts where part != [UInt8(ascii: ".")] {
            if part == Array("..".utf8) {
                guard result.popLast() != nil else { return nil }
            } else {
                result.append(part)
            }
        }
        let path = FilePath(bytes: [FilePath.slash] + result.joined(separator: [FilePath.slash]))
        return path.isCanonical && path.bytes.count > 1 ? path : nil
    }

    /// The library as another machine sees it: under another folder, another drive. The longest end comes first.
    private static func fromElsewhere(_ parts: [[UInt8]], _ roots: [FilePath]) -> [FilePath] {
        guard !parts.contains(Array("..".utf8)) else { return [] }
        let parts = parts.filter { $0 != [UInt8(ascii: ".")] }
        guard parts.count >= minSharedParts else { return [] }
        return (0...(parts.count - minSharedParts)).flatMap { start in
            roots.map { root in parts[start...].reduce(root) { $0.appending($1) } }
        }.suffix(maxCandidates)
    }
}
