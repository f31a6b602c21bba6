/// Looks at JSON text before it is parsed: what a parser might choke on, and what a database cannot keep.
enum JSONGuard {
    /// Deeper documents are refused; the deepest that is of use has four levels.
    static let maxDepth = 64

    enum Finding: Hashable {
        case fine, tooDeep, nulCharacter
    }

    /// One pass over the bytes; brackets inside strings do not count.
    static func inspect(_ bytes: some Collection<UInt8>) -> Finding {
        var depth = 0
        var isInString = false
        var isEscaped = false
        var unicode: [UInt8]?
        for byte in bytes {
            if let digits = unicode {
                unicode = digits.count < 3 ? digits + [byte] : nil
                if digits.count == 3, (digits + [byte]).allSatisfy({ $0 == UInt8(ascii: "0") }) { return .nulCharacter }
            } else if isEscaped {
                isEscaped = false
                if byte == UInt8(ascii: "u") { unicode = [] }
            } else if isInString {
                isEscaped = byte == UInt8(ascii: "\\")
                isInString = byte != UInt8(ascii: "\"")
            } else {
                switch byte {
                case UInt8(ascii: "\""): isInString = true
                case UInt8(ascii: "["), UInt8(ascii: "{"): depth += 1
                case UInt8(ascii: "]"), UInt8(ascii: "}"): depth -= 1
                default: break
                }
                if depth > maxDepth { return .tooDeep }
            }
        }
        return .fine
    }
}
