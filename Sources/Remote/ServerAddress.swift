import Foundation

/// Where a server is, and whether a token may travel there.
package struct ServerAddress: Hashable, Sendable {
    package enum Problem: Error, Hashable {
        case notAnAddress
        /// Plain HTTP to a host that may be anywhere: whoever is on the way could read the token.
        case exposesToken
    }

    /// How far the way is, as far as the name tells.
    package enum Reach: Hashable, Sendable {
        case thisMachine, localNetwork, anywhere
    }

    /// Without a slash at its end.
    package let url: String
    package let isEncrypted: Bool
    package let reach: Reach

    package init(_ text: String, allowsExposure: Bool = false) throws(Problem) {
        guard let parts = URLComponents(string: text), let scheme = parts.scheme?.lowercased(),
            ["http", "https"].contains(scheme), let host = parts.host, !host.isEmpty, parts.query == nil,
            parts.fragment == nil, parts.user == nil
        else { throw .notAnAddress }
        var url = text
        while url.hasSuffix("/") { url.removeLast() }
        self.url = url
        isEncrypted = scheme == "https"
        reach = Self.reach(of: host.lowercased())
        if !isEncrypted, reach == .anywhere, !allowsExposure { throw .exposesToken }
    }

    /// True when the token travels in clear over a network.
    package var isOverheard: Bool { !isEncrypted && reach != .thisMachine }

    private static func reach(of host: String) -> Reach {
        let name = host.filter { $0 != "[" && $0 != "]" }.split(separator: "%")[0]
        if name == "localhost" || name == "::1" { return .thisMachine }
        let numbers = name.split(separator: ".", omittingEmptySubsequences: false).map { UInt8($0) }
        if numbers.count == 4, numbers.allSatisfy({ $0 != nil }) {
            return reach(numbers[0] ?? 0, numbers[1] ?? 0)
        }
        if name.contains(":") {
            // Unique local (RFC 4193) and link-local addresses.
            let isLocal = ["fc", "fd", "fe8", "fe9", "fea", "feb"].contains { name.hasPrefix($0) }
            return isLocal ? .localNetwork : .anywhere
        }
        // Names without a dot, mDNS, and what home networks use (RFC 8375).
        let isLocal =
            !name.contains(".") || [".local", ".lan", ".home.arpa", ".internal"].contains { name.hasSuffix($0) }
        return isLocal ? .localNetwork : .anywhere
    }

    /// RFC 1918, RFC 3927, RFC 6598.
    private static func reach(_ first: UInt8, _ second: UInt8) -> Reach {
        switch (first, second) {
        case (127, _): .thisMachine
        case (10, _), (192, 168), (172, 16...31), (169, 254), (100, 64...127): .localNetwork
        default: .anywhere
        }
    }
}
