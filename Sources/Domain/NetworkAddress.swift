/// An IPv4 or IPv6 address.
package struct NetworkAddress: Hashable, Sendable {
    /// Four or sixteen, the most significant one first.
    package let bytes: [UInt8]

    package init?(bytes: some Sequence<UInt8>) {
        let bytes = Array(bytes)
        guard bytes.count == 4 || bytes.count == 16 else { return nil }
        self.bytes = bytes
    }

    /// Four decimal numbers without leading zeros, or IPv6 as in RFC 4291, section 2.2, with or without brackets. No zone, no
    /// other spelling: what another parser might take for an address is none.
    package init?(_ text: some StringProtocol) {
        var text = Substring(text)
        if text.first == "[", text.last == "]", text.count > 2 { text = text.dropFirst().dropLast() }
        guard let bytes = text.contains(":") ? Self.parse6(text) : Self.parse4(text) else { return nil }
        self.bytes = bytes
    }

    private static func parse4(_ text: Substring) -> [UInt8]? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        let numbers = parts.compactMap { part in
            part.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
                && (part.utf8.count == 1 || part.first != "0") ? UInt8(part) : nil
        }
        return numbers.count == 4 ? numbers : nil
    }

    private static func parse6(_ text: Substring) -> [UInt8]? {
        guard let gap = text.firstRange(of: "::") else {
            let bytes = groups(text)
            return bytes?.count == 16 ? bytes : nil
        }
        let (left, right) = (text[..<gap.lowerBound], text[gap.upperBound...])
        guard let head = left.isEmpty ? [] : groups(left), let tail = right.isEmpty ? [] : groups(right),
            !left.contains("."), head.count + tail.count <= 14
        else { return nil }
        return head + [UInt8](repeating: 0, count: 16 - head.count - tail.count) + tail
    }

    /// Two bytes for each group; the last may be an IPv4 address.
    private static func groups(_ text: Substring) -> [UInt8]? {
        var bytes: [UInt8] = []
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        for (place, part) in parts.enumerated() {
            if place == parts.count - 1, part.contains(".") {
                guard let four = parse4(part) else { return nil }
                bytes += four
            } else {
                guard (1...4).contains(part.utf8.count), part.allSatisfy(\.isHexDigit),
                    let group = UInt16(part, radix: 16)
                else { return nil }
                bytes += [UInt8(group >> 8), UInt8(group & 0xFF)]
            }
        }
        return bytes
    }
}

extension NetworkAddress: CustomStringConvertible {
    /// Without brackets, and nothing is left out of IPv6.
    package var description: String {
        guard bytes.count == 16 else { return bytes.map { "\($0)" }.joined(separator: ".") }
        return stride(from: 0, to: 16, by: 2).map { place in
            String(UInt16(bytes[place]) << 8 | UInt16(bytes[place + 1]), radix: 16)
        }.joined(separator: ":")
    }
}
