import Contracts

/// Reads JSON (RFC 8259) from somebody who may mean harm: one pass, bounded depth, nothing that is ambiguous or that a
/// database could not keep. Foundation's decoder would try five types for each value of a tree, which lets one small
/// request cost seconds.
struct JSONReader {
    /// Deeper documents are refused; the deepest that is of use has four levels.
    static let maxDepth = 64

    enum Fault: Error, Hashable {
        case syntax, tooDeep, nulCharacter, repeatedMember
    }

    private let bytes: [UInt8]
    private var position = 0
    private var depth = 0

    private init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    static func read(_ bytes: [UInt8]) throws(Fault) -> JSONValue {
        var reader = JSONReader(bytes)
        let value = try reader.value()
        reader.skipSpace()
        guard reader.position == bytes.count else { throw .syntax }
        return value
    }

    private mutating func value() throws(Fault) -> JSONValue {
        skipSpace()
        switch peek {
        case UInt8(ascii: "{"): return try nested { reader throws(Fault) in .object(try reader.members()) }
        case UInt8(ascii: "["): return try nested { reader throws(Fault) in .array(try reader.items()) }
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try literal("true", .bool(true))
        case UInt8(ascii: "f"): return try literal("false", .bool(false))
        case UInt8(ascii: "n"): return try literal("null", .null)
        default: return try number()
        }
    }

    private mutating func nested(
        _ body: (inout JSONReader) throws(Fault) -> JSONValue
    ) throws(Fault) -> JSONValue {
        guard depth < JSONReader.maxDepth else { throw .tooDeep }
        depth += 1
        position += 1
        let value = try body(&self)
        depth -= 1
        return value
    }

    private mutating func items() throws(Fault) -> [JSONValue] {
        var items: [JSONValue] = []
        skipSpace()
        if eat("]") { return items }
        repeat {
            items.append(try value())
            skipSpace()
        } while eat(",")
        guard eat("]") else { throw .syntax }
        return items
    }

    /// Two members of one name mean different things to different readers, so they are refused.
    private mutating func members() throws(Fault) -> [String: JSONValue] {
        var members: [String: JSONValue] = [:]
        skipSpace()
        if eat("}") { return members }
        repeat {
            skipSpace()
            let name = try string()
            skipSpace()
            guard eat(":") else { throw .syntax }
            guard members.updateValue(try value(), forKey: name) == nil else { throw .repeatedMember }
            skipSpace()
        } while eat(",")
        guard eat("}") else { throw .syntax }
        return members
    }

    private mutating func literal(_ text: String, _ value: JSONValue) throws(Fault) -> JSONValue {
        guard bytes[position...].starts(with: text.utf8) else { throw .syntax }
        position += text.utf8.count
        return value
    }

    /// A whole number that fits is an integer however it is written (`1.0`), as JSON Schema has it.
    private mutating func number() throws(Fault) -> JSONValue {
        let start = position
        _ = eat("-")
        if !eat("0") { try digits() }
        var isWhole = true
        if eat(".") {
            isWhole = false
            try digits()
        }
        if eat("e") || eat("E") {
            isWhole = false
            if !eat("+") { _ = eat("-") }
            try digits()
        }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        if isWhole, let integer = Int64(text) { return .integer(integer) }
        guard let number = Double(text), number.isFinite else { throw .syntax }
        return Int64(exactly: number).map(JSONValue.integer) ?? .number(number)
    }

    private mutating func digits() throws(Fault) {
        let start = position
        while let byte = peek, (0x30...0x39).contains(byte) { position += 1 }
        guard position > start else { throw .syntax }
    }

    private mutating func string() throws(Fault) -> String {
        guard eat("\"") else { throw .syntax }
        var text: [UInt8] = []
        while let byte = peek {
            position += 1
            switch byte {
            case UInt8(ascii: "\""):
                guard let string = String(validating: text, as: UTF8.self) else { throw .syntax }
                return string
            case UInt8(ascii: "\\"): text.append(contentsOf: try escape().utf8)
            case 0..<0x20: throw .syntax
            default: text.append(byte)
            }
        }
        throw .syntax
    }

    private mutating func escape() throws(Fault) -> String {
        guard let byte = peek else { throw .syntax }
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return String(Unicode.Scalar(byte))
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{C}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"): return try unicodeEscape()
        default: throw .syntax
        }
    }

    /// One UTF-16 unit, or two that make a pair; half a pair is no text.
    private mutating func unicodeEscape() throws(Fault) -> String {
        let first = try unit()
        if first == 0 { throw .nulCharacter }
        if let scalar = Unicode.Scalar(first) { return String(scalar) }
        guard (0xD800..<0xDC00).contains(first), eat("\\"), eat("u") else { throw .syntax }
        let second = try unit()
        guard (0xDC00..<0xE000).contains(second),
            let scalar = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
        else { throw .syntax }
        return String(scalar)
    }

    private mutating func unit() throws(Fault) -> UInt32 {
        let digits = bytes[position...].prefix(4)
        guard digits.count == 4, digits.allSatisfy({ Unicode.Scalar($0).properties.isASCIIHexDigit }),
            let unit = UInt32(String(decoding: digits, as: UTF8.self), radix: 16)
        else { throw .syntax }
        position += 4
        return unit
    }

    private var peek: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func eat(_ scalar: Unicode.Scalar) -> Bool {
        guard peek == UInt8(ascii: scalar) else { return false }
        position += 1
        return true
    }

    private mutating func skipSpace() {
        while let byte = peek, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
    }
}
