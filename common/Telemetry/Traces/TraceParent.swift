/// A span's place: its trace, itself, and whether the trace is recorded (W3C Trace Context, `traceparent`).
package struct TraceParent: Hashable, Sendable {
    package let traceHigh: UInt64
    package let traceLow: UInt64
    package let span: UInt64
    package let isSampled: Bool

    package init(traceHigh: UInt64, traceLow: UInt64, span: UInt64, isSampled: Bool) {
        self.traceHigh = traceHigh
        self.traceLow = traceLow
        self.span = span
        self.isSampled = isSampled
    }

    /// Characters of version 00: two of the version, 32 of the trace, 16 of the span, two of the flags, three hyphens.
    package static let length = 55
    /// A later version may add more after that; nobody needs to send more than this.
    private static let lengthMax = 256

    /// Nil for whatever the standard calls invalid: upper case, ids of zero, version ff, another length.
    package init?(_ text: String) {
        let bytes = Array(text.utf8.prefix(Self.lengthMax + 1))
        guard (Self.length...Self.lengthMax).contains(bytes.count),
            [2, 35, 52].allSatisfy({ bytes[$0] == UInt8(ascii: "-") }),
            let version = Self.number(bytes[0..<2]), version != 0xff,
            let traceHigh = Self.number(bytes[3..<19]), let traceLow = Self.number(bytes[19..<35]),
            let span = Self.number(bytes[36..<52]), let flags = Self.number(bytes[53..<55]),
            traceHigh | traceLow != 0, span != 0
        else { return nil }
        let hasMore = bytes.count > Self.length
        guard !hasMore || version > 0 && bytes[Self.length] == UInt8(ascii: "-") else { return nil }
        self.init(traceHigh: traceHigh, traceLow: traceLow, span: span, isSampled: flags & 1 == 1)
    }

    private static func number(_ digits: ArraySlice<UInt8>) -> UInt64? {
        var value: UInt64 = 0
        for digit in digits {
            switch digit {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): value = value << 4 | UInt64(digit - UInt8(ascii: "0"))
            case UInt8(ascii: "a")...UInt8(ascii: "f"): value = value << 4 | UInt64(digit - UInt8(ascii: "a") + 10)
            default: return nil
            }
        }
        return value
    }

    /// As version 00; other flags than "sampled" are not passed on.
    package var text: String { "00-\(traceID)-\(spanID)-0\(isSampled ? 1 : 0)" }
    package var traceID: String { Self.hex(traceHigh) + Self.hex(traceLow) }
    package var spanID: String { Self.hex(span) }

    package func isSameTrace(as other: TraceParent) -> Bool {
        traceHigh == other.traceHigh && traceLow == other.traceLow
    }

    private static func hex(_ value: UInt64) -> String {
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
