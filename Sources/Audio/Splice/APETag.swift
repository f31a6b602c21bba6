import Domain

/// An APE tag (versions 1 and 2) at the end of a file, read strictly.
struct APETag {
    struct Item: Hashable {
        var key: String
        /// Sizes, flags, key and value.
        var bytes: [UInt8]
    }

    private let version: Int
    private let flags: Int
    var items: [Item] = []
    /// Where it lies; empty for a new one.
    let range: Range<Int>

    private static let frameBytes = 32
    private static let magic = "APETAGEX"
    private static let hasHeader = 0x8000_0000
    private static let isHeader = 0x2000_0000
    private static let hasNoFooter = 0x4000_0000

    /// A new one, to be put at `offset`.
    init(at offset: Int) { (version, flags, range) = (2000, Self.hasHeader, offset..<offset) }

    /// Nil where none ends.
    init?(_ file: FileBytes, endingAt end: Int) throws(Failure) {
        guard end >= Self.frameBytes else { return nil }
        let footer = try file.bytes((end - Self.frameBytes)..<end)
        guard footer.has(Self.magic, at: 0) else { return nil }
        guard let version = footer.littleEndian(at: 8, 4), let size = footer.littleEndian(at: 12, 4),
            let count = footer.littleEndian(at: 16, 4), let flags = footer.littleEndian(at: 20, 4),
            version == 1000 || version == 2000, size >= Self.frameBytes, count <= FilePart.countMax,
            flags & (Self.isHeader | Self.hasNoFooter) == 0
        else { throw Self.odd("is of no known kind") }
        let head = version == 2000 && flags & Self.hasHeader != 0 ? Self.frameBytes : 0
        let start = end - size - head
        guard start >= 0 else { throw Self.odd("is longer than the file") }
        let bytes = try file.bytes(start..<(end - Self.frameBytes))
        guard head == 0 || bytes.has(Self.magic, at: 0) else { throw Self.odd("has no header, which it says to have") }
        (self.version, self.flags, range) = (version, flags, start..<end)
        guard let items = Self.items(in: bytes, from: head), items.count == count else {
            throw Self.odd("holds something that is no item")
        }
        self.items = items
    }

    private static func odd(_ what: String) -> Failure {
        Failure(.unsupportedFormat, "the APE tag \(what), so nothing is written beside it")
    }

    private static func items(in bytes: [UInt8], from begin: Int) -> [Item]? {
        var (items, at): ([Item], Int) = ([], begin)
        while at < bytes.count {
            guard let size = bytes.littleEndian(at: at, 4), bytes.count - at > 8,
                let keyEnd = bytes[(at + 8)...].prefix(256).firstIndex(of: 0), keyEnd > at + 8,
                size <= bytes.count - keyEnd - 1, items.count < FilePart.countMax
            else { return nil }
            let end = keyEnd + 1 + size
            let key = String(decoding: bytes[(at + 8)..<keyEnd], as: UTF8.self)
            items.append(Item(key: key, bytes: Array(bytes[at..<end])))
            at = end
        }
        return items
    }

    func has(_ fields: [GainField]) -> Bool { items.contains { fields.has($0.key) } }

    mutating func set(_ fields: [GainField]) {
        let known = items.map(\.key)
        items.removeAll { fields.has($0.key) }
        items += fields.spelled(as: known).map { field in
            // Text in UTF-8 has no flags.
            let head = [UInt8].littleEndian(field.text.utf8.count, 4) + [0, 0, 0, 0]
            return Item(key: field.name, bytes: head + Array(field.name.utf8) + [0] + Array(field.text.utf8))
        }
    }

    func rendered() -> [UInt8] {
        let body = items.flatMap(\.bytes)
        func frame(_ flags: Int) -> [UInt8] {
            let numbers = [version, body.count + Self.frameBytes, items.count, flags, 0, 0]
            return Array(Self.magic.utf8) + numbers.flatMap { [UInt8].littleEndian($0, 4) }
        }
        let header = version == 2000 && flags & Self.hasHeader != 0 ? frame(flags | Self.isHeader) : []
        return header + body + frame(flags)
    }

    func parts(apartFrom fields: [GainField]) -> [FilePart] {
        let header = version == 2000 ? FilePart.newAPEHeader : "APEv1 header"
        return [FilePart(header, [UInt8].littleEndian(flags, 4))]
            + items.filter { !fields.has($0.key) }.map { FilePart("APE item " + $0.key, $0.bytes) }
    }
}
