/// Maps the names that tags use to what they stand for, after Picard's tag mapping.
enum TagNames {
    static func name(_ name: String, in source: RawTags.Source) -> TagName {
        switch source {
        case .id3v2: id3v2(name)
        case .mp4: mp4(name)
        case .asf: asf[name] ?? free(name.hasPrefix("WM/") ? String(name.dropFirst(3)) : name)
        case .riffInfo: riffInfo[name] ?? .ignored
        case .xiph, .ape, .id3v1: free(name)
        case .container: container(name)
        }
    }

    /// Names that anyone may invent (Vorbis comments, APE items, TXXX, `----` atoms): case does not count.
    private static func free(_ name: String) -> TagName {
        let key = lowercased(name)
        return known[key] ?? (key.isEmpty ? .ignored : .other(key))
    }

    /// libavformat's own names; Matroska's stand behind the level that they describe (`ALBUM/TITLE`).
    private static func container(_ name: String) -> TagName {
        let key = lowercased(name)
        if let known = containerKeys[key] { return known }
        return free(key.hasPrefix("track/") ? String(key.dropFirst("track/".count)) : key)
    }

    private static func id3v2(_ name: String) -> TagName {
        if let known = id3v2Frames[name] { return known }
        guard let colon = name.utf8.firstIndex(of: UInt8(ascii: ":")) else { return .other(lowercased(name)) }
        let description = String(name[name.utf8.index(after: colon)...])
        switch name[..<colon] {
        case "TXXX": return free(description)
        case "COMM": return comment(description)
        case "UFID": return description == "http://musicbrainz.org" ? .field(.recordingID) : .ignored
        case "PEOPLE": return .other(person(lowercased(description)))
        case "RVA2-GAIN": return volume(description, track: .rva2TrackGain, album: .rva2AlbumGain)
        case "RVA2-PEAK": return volume(description, track: .rva2TrackPeak, album: .rva2AlbumPeak)
        default: return .ignored
        }
    }

    /// Comments with a description are mostly data of programs (`iTunNORM`, `Songs-DB_Custom1`).
    private static func comment(_ description: String) -> TagName {
        switch lowercased(description) {
        case "", "description", "comment", "id3v1 comment": .other("comment")
        default: .ignored
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

    private static func volume(_ identification: String, track: TagField, album: TagField) -> TagName {
        let text = lowercased(identification)
        if text.hasPrefix("album") { return .field(album) }
        return text.isEmpty || text.hasPrefix("track") ? .field(track) : .ignored
    }

    private static func mp4(_ name: String) -> TagName {
        if let known = mp4Atoms[name] { return known }
        // `----:com.apple.iTunes:NAME`
        guard name.hasPrefix("----:"), let colon = name.utf8.lastIndex(of: UInt8(ascii: ":")) else { return .ignored }
        return free(String(name[name.utf8.index(after: colon)...]))
    }

    /// ASCII only: tag names are not for people.
    static func lowercased(_ text: String) -> String {
        let upper = UInt8(ascii: "A")...UInt8(ascii: "Z")
        guard text.utf8.contains(where: upper.contains) else { return text }
        return String(decoding: text.utf8.map { upper.contains($0) ? $0 | 0x20 : $0 }, as: UTF8.self)
    }
}
