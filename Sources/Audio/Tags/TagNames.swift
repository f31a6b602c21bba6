/// Maps the names that tags use to canonical lower-case names, after Picard's tag mapping.
enum TagNames {
    /// Nil for what is no description of the music (encoder settings, private data of programs).
    static func canonical(_ name: String, in source: RawTags.Source) -> String? {
        switch source {
        case .id3v2: id3v2(name)
        case .mp4: mp4(name)
        case .asf: asf[name] ?? free(strippingPrefix("WM/", of: name))
        case .riffInfo: riffInfo[name]
        case .xiph, .ape, .id3v1: free(name)
        }
    }

    /// Names that anyone may invent (Vorbis comments, APE items, TXXX, `----` atoms): case and spaces do not count.
    private static func free(_ name: String) -> String? {
        let key = lowercased(name)
        if let known = aliases[key] { return known }
        return ignored.contains(key) || key.isEmpty ? nil : key
    }

    private static func id3v2(_ name: String) -> String? {
        if let known = id3v2Frames[name] { return known.isEmpty ? nil : known }
        guard let colon = name.firstIndex(of: ":") else { return lowercased(name) }
        let description = String(name[name.index(after: colon)...])
        switch name[..<colon] {
        case "TXXX": return free(description)
        case "COMM": return comment(description)
        case "UFID": return description == "http://musicbrainz.org" ? "musicbrainz_trackid" : nil
        case "PEOPLE": return person(lowercased(description))
        case "RVA2-GAIN", "RVA2-PEAK":
            guard let scope = volumeScope(lowercased(description)) else { return nil }
            return "rva2_\(scope)_\(name[..<colon].hasSuffix("GAIN") ? "gain" : "peak")"
        default: return nil
        }
    }

    /// Comments with a description are mostly data of programs (`iTunNORM`, `Songs-DB_Custom1`).
    private static func comment(_ description: String) -> String? {
        switch lowercased(description) {
        case "", "description", "comment", "id3v1 comment": "comment"
        default: nil
        }
    }

    private static func person(_ role: String) -> String {
        switch role {
        case "arranger", "engineer", "producer", "mixer": role
        case "mix": "mixer"
        case "dj-mix": "djmixer"
        default: "performer:\(role)"
        }
    }

    private static func volumeScope(_ identification: String) -> String? {
        if identification.hasPrefix("track") || identification.isEmpty { return "track" }
        return identification.hasPrefix("album") ? "album" : nil
    }

    private static func mp4(_ name: String) -> String? {
        if let known = mp4Atoms[name] { return known.isEmpty ? nil : known }
        guard name.hasPrefix("----:") else { return nil }
        guard let colon = name.lastIndex(of: ":") else { return nil }
        return free(String(name[name.index(after: colon)...]))
    }

    private static func strippingPrefix(_ prefix: String, of name: String) -> String {
        name.hasPrefix(prefix) ? String(name.dropFirst(prefix.count)) : name
    }

    /// ASCII only: tag names are not for people.
    static func lowercased(_ text: String) -> String {
        let upper = UInt8(ascii: "A")...UInt8(ascii: "Z")
        guard text.utf8.contains(where: upper.contains) else { return text }
        return String(decoding: text.utf8.map { upper.contains($0) ? $0 | 0x20 : $0 }, as: UTF8.self)
    }
}
