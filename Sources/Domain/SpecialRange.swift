/// Addresses that are no place on the open internet, by the special-purpose registries (RFC 6890 and those after it).
package struct SpecialRange: Hashable, Sendable {
    /// In a sentence: `10.1.2.3 is a private address`.
    package let name: String
    private let first: [UInt8]
    private let bits: Int

    /// Nil for an address that is one of many on the internet.
    package static func of(_ address: NetworkAddress) -> SpecialRange? {
        if let range = all.first(where: { $0.contains(address) }) { return range }
        // Beyond 2000::/3 nothing has been given out to hosts.
        return address.bytes.count == 16 && address.bytes[0] >> 5 != 1 ? unassigned : nil
    }

    private init(_ text: String, _ name: String) {
        let parts = text.split(separator: "/")
        guard parts.count == 2, let first = NetworkAddress(parts[0]), let bits = Int(parts[1]),
            (0...first.bytes.count * 8).contains(bits)
        else { preconditionFailure("\(text) is a range of addresses") }
        self.name = name
        self.first = first.bytes
        self.bits = bits
    }

    private func contains(_ address: NetworkAddress) -> Bool {
        guard address.bytes.count == first.count else { return false }
        let (whole, rest) = (bits / 8, bits % 8)
        guard address.bytes.prefix(whole) == first.prefix(whole) else { return false }
        return rest == 0 || (address.bytes[whole] ^ first[whole]) >> (8 - rest) == 0
    }

    static let loopback = "a loopback address"
    private static let isPrivate = "a private address"
    private static let linkLocal = "a link-local address"
    private static let example = "an address for examples"
    private static let multicast = "a multicast address"
    private static let reserved = "a reserved address"
    private static let embedded = "an IPv6 address that stands for an IPv4 address"

    private static let unassigned = SpecialRange("::/0", reserved)

    private static let all: [SpecialRange] = [
        SpecialRange("0.0.0.0/8", "an address of this network"),
        SpecialRange("10.0.0.0/8", isPrivate),
        SpecialRange("100.64.0.0/10", "an address shared behind a carrier's NAT"),
        SpecialRange("127.0.0.0/8", loopback),
        SpecialRange("169.254.0.0/16", linkLocal),
        SpecialRange("172.16.0.0/12", isPrivate),
        SpecialRange("192.0.0.0/24", reserved),
        SpecialRange("192.0.2.0/24", example),
        SpecialRange("192.88.99.0/24", reserved),
        SpecialRange("192.168.0.0/16", isPrivate),
        SpecialRange("198.18.0.0/15", "an address for measurements"),
        SpecialRange("198.51.100.0/24", example),
        SpecialRange("203.0.113.0/24", example),
        SpecialRange("224.0.0.0/4", multicast),
        SpecialRange("240.0.0.0/4", reserved),
        SpecialRange("::/128", "an address of this network"),
        SpecialRange("::1/128", loopback),
        SpecialRange("::/96", embedded),
        SpecialRange("::ffff:0:0/96", embedded),
        SpecialRange("::ffff:0:0:0/96", embedded),
        SpecialRange("64:ff9b::/96", embedded),
        SpecialRange("64:ff9b:1::/48", embedded),
        SpecialRange("100::/64", reserved),
        SpecialRange("2001::/23", reserved),
        SpecialRange("2001:db8::/32", example),
        SpecialRange("2002::/16", embedded),
        SpecialRange("3fff::/20", example),
        SpecialRange("fc00::/7", isPrivate),
        SpecialRange("fe80::/10", linkLocal),
        SpecialRange("fec0::/10", isPrivate),
        SpecialRange("ff00::/8", multicast),
    ]
}
