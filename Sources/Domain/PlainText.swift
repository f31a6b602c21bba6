/// Text of a file that does not say in which encoding it is.
package enum PlainText {
    /// By its byte order mark; else each line for itself: UTF-8 where it is that, and the Latin-1 of Windows where it is not.
    /// NULs are dropped.
    package static func decode(_ bytes: some RandomAccessCollection<UInt8>) -> String {
        let text = decoded(bytes)
        return text.utf8.contains(0) ? String(text.unicodeScalars.filter { $0.value != 0 }.map(Character.init)) : text
    }

    private static func decoded(_ bytes: some RandomAccessCollection<UInt8>) -> String {
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { return String(decoding: bytes.dropFirst(3), as: UTF8.self) }
        if bytes.starts(with: [0xFF, 0xFE]) { return utf16(bytes.dropFirst(2)) { low, high in high << 8 | low } }
        if bytes.starts(with: [0xFE, 0xFF]) { return utf16(bytes.dropFirst(2)) { high, low in high << 8 | low } }
        return String(validating: bytes, as: UTF8.self) ?? byLines(bytes)
    }

    /// A byte that is no UTF-8 spoils its own line and no other.
    private static func byLines(_ bytes: some RandomAccessCollection<UInt8>) -> String {
        var text = ""
        var rest = bytes[...]
        while !rest.isEmpty {
            let end = rest.firstIndex { $0 == 0x0A || $0 == 0x0D }.map(rest.index(after:)) ?? rest.endIndex
            let line = rest[..<end]
            text += String(validating: line, as: UTF8.self) ?? latin1(line)
            rest = rest[end...]
        }
        return text
    }

    private static func utf16(
        _ bytes: some RandomAccessCollection<UInt8>, _ unit: (UInt16, UInt16) -> UInt16
    ) -> String {
        var units: [UInt16] = []
        units.reserveCapacity(bytes.count / 2)
        var first: UInt16?
        for byte in bytes {
            if let known = first {
                units.append(unit(known, UInt16(byte)))
                first = nil
            } else {
                first = UInt16(byte)
            }
        }
        return String(decoding: units, as: UTF16.self)
    }

    private static func latin1(_ bytes: some RandomAccessCollection<UInt8>) -> String {
        var text = String.UnicodeScalarView()
        for byte in bytes {
            let isSpecial = (0x80...0x9F).contains(byte)
            text.append(isSpecial ? windows[Int(byte) - 0x80] : Unicode.Scalar(byte))
        }
        return String(text)
    }

    /// 0x80 to 0x9F of Windows-1252, where Latin-1 has control characters.
    private static let windows: [Unicode.Scalar] = [
        "€", "\u{FFFD}", "‚", "ƒ", "„", "…", "†", "‡", "ˆ", "‰", "Š", "‹", "Œ", "\u{FFFD}", "Ž", "\u{FFFD}",
        "\u{FFFD}", "‘", "’", "“", "”", "•", "–", "—", "˜", "™", "š", "›", "œ", "\u{FFFD}", "ž", "Ÿ",
    ]
}
