/// Reads one JSON object of plain members (text without escapes, whole numbers, booleans), many times as fast as a
/// `JSONDecoder`. It never guesses: anything else is nil, and the caller decodes the long way, which also finds the
/// right words for what is wrong.
struct FlatJSON {
    enum Value {
        case text(String)
        case integer(Int64)
        case bool(Bool)
    }

    private let bytes: UnsafeBufferPointer<UInt8>
    private var position = 0

    /// Calls `member` with each name and value in turn. False when the text is not of the plain form, or when `member`
    /// answers false; what it was told until then counts for nothing.
    static func read(_ json: String, member: (_ name: String, Value) -> Bool) -> Bool {
        var json = json
        return json.withUTF8 { utf8 in
            var reader = FlatJSON(bytes: utf8)
            return reader.object(member)
        }
    }

    private init(bytes: UnsafeBufferPointer<UInt8>) {
        self.bytes = bytes
    }

    private mutating func object(_ member: (String, Value) -> Bool) -> Bool {
        guard take(UInt8(ascii: "{")) else { return false }
        repeat {
            guard let name = string(), take(UInt8(ascii: ":")), let value = value(), member(name, value) else {
                return false
            }
        } while take(UInt8(ascii: ","))
        return take(UInt8(ascii: "}")) && position == bytes.count
    }

    private mutating func value() -> Value? {
        guard position < bytes.count else { return nil }
        switch bytes[position] {
        case UInt8(ascii: "\""): return string().map(Value.text)
        case UInt8(ascii: "t"): return take("true") ? .bool(true) : nil
        case UInt8(ascii: "f"): return take("false") ? .bool(false) : nil
        default: return integer().map(Value.integer)
        }
    }

    /// Text between quotes. The bytes are valid UTF-8, being a `String`'s; no quote lies within a character.
    private mutating func string() -> String? {
        guard take(UInt8(ascii: "\"")) else { return nil }
        let start = position
        while position < bytes.count {
            switch bytes[position] {
            case UInt8(ascii: "\""):
                defer { position += 1 }
                return String(decoding: UnsafeBufferPointer(rebasing: bytes[start..<position]), as: UTF8.self)
            case UInt8(ascii: "\\"), 0..<0x20: return nil
            default: position += 1
            }
        }
        return nil
    }

    /// Digits with or without a minus. No leading zero, no fraction, no exponent, nothing that does not fit.
    private mutating func integer() -> Int64? {
        let isNegative = take(UInt8(ascii: "-"))
        let start = position
        var magnitude: UInt64 = 0
        while position < bytes.count, case let digit = bytes[position] &- UInt8(ascii: "0"), digit < 10 {
            // Nineteen digits always fit into 64 bits; a time in nanoseconds has as many.
            guard position - start < 19 else { return nil }
            magnitude = magnitude * 10 + UInt64(digit)
            position += 1
        }
        let count = position - start
        guard count == 1 || count > 1 && bytes[start] != UInt8(ascii: "0") else { return nil }
        return Int64(exactly: magnitude).map { isNegative ? -$0 : $0 }
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard position < bytes.count, bytes[position] == byte else { return false }
        position += 1
        return true
    }

    private mutating func take(_ word: StaticString) -> Bool {
        let end = position + word.utf8CodeUnitCount
        guard end <= bytes.count else { return false }
        for offset in 0..<word.utf8CodeUnitCount where bytes[position + offset] != word.utf8Start[offset] {
            return false
        }
        position = end
        return true
    }
}
