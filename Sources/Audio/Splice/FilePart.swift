import Domain

/// Something in a file that writing ReplayGain must leave as it is: a frame, an item, a box, the audio.
///
/// Parts are found by a strict reading of the bytes. What a part holds is known by its digest, so a child process can tell
/// all of a file in a few kilobytes.
struct FilePart: Hashable, Codable, Sendable {
    /// As people may read it: `ID3v2.4 frame PRIV`.
    var name: String
    var digest: FileDigest

    init(_ name: String, _ digest: FileDigest) { (self.name, self.digest) = (Self.printable(name), digest) }
    init(_ name: String, _ bytes: some Sequence<UInt8>) { self.init(name, FileDigest(of: bytes)) }

    /// Names come out of files, and end on a terminal.
    static func printable(_ name: String) -> String {
        let scalars = name.unicodeScalars.prefix(nameScalarsMax).map { scalar in
            scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value) ? "?" : scalar
        }
        return String(String.UnicodeScalarView(scalars))
    }

    private static let nameScalarsMax = 80

    /// No tag has as many frames, items or boxes.
    static let countMax = 20_000

    static let newID3v2Header = "ID3v2.3 header"
    static let newAPEHeader = "APEv2 header"
    static let newMP4Handler = "box moov/udta/meta/hdlr"
    /// What a file gets that had no tag yet.
    private static let mayBeNew: Set<String> = [newID3v2Header, newAPEHeader, newMP4Handler]

    /// What a file with the parts `new` does to one with the parts `old`: "lose …". Nil when it keeps all and adds nothing.
    static func damage(from old: [FilePart], to new: [FilePart]) -> String? {
        let (before, after) = (counted(old), counted(new))
        for part in old where after[part, default: 0] < before[part, default: 0] {
            let isChanged = new.contains { $0.name == part.name && before[$0] == nil }
            return (isChanged ? "change " : "lose ") + part.name
        }
        for part in new where after[part, default: 0] > before[part, default: 0] {
            let isFirst = mayBeNew.contains(part.name) && !old.contains { $0.name == part.name }
            if !isFirst { return "add " + part.name }
        }
        return nil
    }

    private static func counted(_ parts: [FilePart]) -> [FilePart: Int] {
        parts.reduce(into: [:]) { $0[$1, default: 0] += 1 }
    }
}
