/// Writes one JSON object of plain members, in the order of the calls: what `FlatJSON` reads.
struct FlatJSONWriter {
    private var bytes: [UInt8] = [UInt8(ascii: "{")]
    /// False when a text needs escapes, which this writer does not know.
    private var isPlain = true

    init() { bytes.reserveCapacity(512) }

    /// Nil when it is not of the plain form.
    var object: String? {
        isPlain ? String(decoding: bytes + [UInt8(ascii: "}")], as: UTF8.self) : nil
    }

    mutating func member(_ name: StaticString, _ text: String?) {
        guard var text else { return }
        key(name)
        bytes.append(UInt8(ascii: "\""))
        text.withUTF8 { utf8 in
            let needsEscape = utf8.contains {
                $0 < 0x20 || $0 == 0x7F || $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "\\")
            }
            if needsEscape { isPlain = false }
            bytes.append(contentsOf: utf8)
        }
        bytes.append(UInt8(ascii: "\""))
    }

    mutating func member(_ name: StaticString, _ number: Int64?) {
        guard let number else { return }
        key(name)
        bytes.append(contentsOf: String(number).utf8)
    }

    mutating func member(_ name: StaticString, _ flag: Bool?) {
        guard let flag else { return }
        key(name)
        bytes.append(contentsOf: (flag ? "true" : "false").utf8)
    }

    private mutating func key(_ name: StaticString) {
        if bytes.count > 1 { bytes.append(UInt8(ascii: ",")) }
        bytes.append(UInt8(ascii: "\""))
        name.withUTF8Buffer { bytes.append(contentsOf: $0) }
        bytes.append(UInt8(ascii: "\""))
        bytes.append(UInt8(ascii: ":"))
    }
}
