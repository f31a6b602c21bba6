/// From the stores' placeholders to the server's.
enum PostgresSQL {
    /// Every `?` outside of quotes and comments becomes `$1`, `$2` … in order.
    static func numbered(_ sql: String) -> String {
        var numbered: [UInt8] = []
        numbered.reserveCapacity(sql.utf8.count + 64)
        var count = 0
        var scanner = Scanner()
        for byte in sql.utf8 {
            if scanner.isCode(byte), byte == UInt8(ascii: "?") {
                count += 1
                numbered.append(UInt8(ascii: "$"))
                numbered.append(contentsOf: String(count).utf8)
            } else {
                numbered.append(byte)
            }
        }
        return String(decoding: numbered, as: UTF8.self)
    }

    /// Knows after each byte whether the next one is code, a quoted text or a comment.
    private struct Scanner {
        private enum Place {
            case code
            case quoted(UInt8)
            case lineComment
            case blockComment
        }

        private var place = Place.code
        private var last: UInt8 = 0

        /// True when this byte is code.
        mutating func isCode(_ byte: UInt8) -> Bool {
            defer { last = byte }
            switch place {
            case .code:
                if byte == UInt8(ascii: "'") || byte == UInt8(ascii: "\"") {
                    place = .quoted(byte)
                } else if byte == UInt8(ascii: "-"), last == byte {
                    place = .lineComment
                } else if byte == UInt8(ascii: "*"), last == UInt8(ascii: "/") {
                    place = .blockComment
                }
                return true
            case .quoted(let mark):
                // A doubled mark ends the text and begins another one at once, which is the same thing.
                if byte == mark { place = .code }
            case .lineComment:
                if byte == UInt8(ascii: "\n") { place = .code }
            case .blockComment:
                if byte == UInt8(ascii: "/"), last == UInt8(ascii: "*") { place = .code }
            }
            return false
        }
    }
}
