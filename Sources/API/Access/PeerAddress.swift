import NIOCore

/// Whom a failed sign-in is charged to: an IPv4 address, or the /64 network of an IPv6 address, of which one
/// customer has 2^64.
enum PeerAddress {
    static func key(_ address: SocketAddress?) -> String {
        guard let text = address?.ipAddress else { return "local" }
        return text.contains(":") ? network(ofIPv6: text) : text
    }

    /// The first four groups; of an IPv4-mapped address (`::ffff:192.0.2.1`) the IPv4 address.
    static func network(ofIPv6 text: String) -> String {
        let text = text.prefix { $0 != "%" }
        if text.contains("."), let colon = text.lastIndex(of: ":") { return String(text[text.index(after: colon)...]) }
        guard let gap = text.firstRange(of: "::") else {
            return text.split(separator: ":").prefix(4).joined(separator: ":")
        }
        let left = text[..<gap.lowerBound].split(separator: ":")
        let right = text[gap.upperBound...].split(separator: ":")
        let zeros = Array(repeating: Substring("0"), count: max(0, 8 - left.count - right.count))
        return (left + zeros + right).prefix(4).joined(separator: ":")
    }
}
