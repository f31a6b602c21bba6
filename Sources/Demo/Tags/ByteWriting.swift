/// Fixed-width integers and text, as tag formats write them.
extension [UInt8] {
    mutating func append(bigEndian value: Int, bytes: Int) {
        for shift in stride(from: (bytes - 1) * 8, through: 0, by: -8) {
            append(UInt8(truncatingIfNeeded: value >> shift))
        }
    }

    mutating func append(littleEndian value: Int, bytes: Int) {
        for index in 0..<bytes { append(UInt8(truncatingIfNeeded: value >> (index * 8))) }
    }

    mutating func append(text: String) {
        append(contentsOf: text.utf8)
    }

    /// Latin-1 for four-character codes such as `©nam`; other characters become `?`.
    mutating func append(code: String) {
        for scalar in code.unicodeScalars { append(scalar.value < 256 ? UInt8(scalar.value) : UInt8(ascii: "?")) }
    }

    /// Nil when the array ends before.
    func bigEndian(at offset: Int, bytes: Int) -> Int? {
        guard offset >= 0, offset + bytes <= count else { return nil }
        return self[offset..<(offset + bytes)].reduce(0) { $0 << 8 | Int($1) }
    }

    func littleEndian(at offset: Int, bytes: Int) -> Int? {
        guard offset >= 0, offset + bytes <= count else { return nil }
        return self[offset..<(offset + bytes)].reversed().reduce(0) { $0 << 8 | Int($1) }
    }

    func hasText(_ text: String, at offset: Int) -> Bool {
        offset >= 0 && offset + text.utf8.count <= count && self[offset...].starts(with: text.utf8)
    }
}
