import Domain
import Foundation

/// One place on the net, taken apart and put together again, so that what is checked is what is asked.
struct ServiceTarget: Hashable, Sendable {
    let isEncrypted: Bool
    /// Lower case; IPv6 without brackets.
    let host: String
    let port: Int
    /// Percent-encoded; it begins with a slash.
    private let pathAndQuery: String

    private static let longestURL = 8192

    /// Nil for what is no address of http or https, and for one that holds a name or a password.
    init?(_ text: String) {
        guard text.utf8.count <= Self.longestURL, let parts = URLComponents(string: text) else { return nil }
        self.init(parts)
    }

    private init?(_ parts: URLComponents) {
        guard let scheme = parts.scheme?.lowercased(), ["http", "https"].contains(scheme), parts.user == nil,
            parts.password == nil, var host = parts.host?.lowercased()
        else { return nil }
        if host.hasPrefix("["), host.hasSuffix("]") { host = String(host.dropFirst().dropLast()) }
        guard NetworkAddress(host) != nil || Self.isName(host) else { return nil }
        isEncrypted = scheme == "https"
        self.host = host
        port = parts.port ?? (isEncrypted ? 443 : 80)
        guard (1...65535).contains(port) else { return nil }
        let path = parts.percentEncodedPath.isEmpty ? "/" : parts.percentEncodedPath
        pathAndQuery = path + (parts.percentEncodedQuery.map { "?" + $0 } ?? "")
    }

    /// Letters, digits, hyphens, dots and underscores, and nothing that two parsers might read in two ways.
    private static func isName(_ host: String) -> Bool {
        (1...253).contains(host.utf8.count)
            && host.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"),
                    UInt8(ascii: "."), UInt8(ascii: "_"):
                    true
                default: false
                }
            }
    }

    /// Where a redirect leads from here, also when it names no scheme or no host.
    func following(_ location: String) -> ServiceTarget? {
        guard location.utf8.count <= Self.longestURL, let base = URL(string: url),
            let resolved = URL(string: location, relativeTo: base)?.absoluteURL,
            let parts = URLComponents(url: resolved, resolvingAgainstBaseURL: true)
        else { return nil }
        return ServiceTarget(parts)
    }

    var url: String { "\(isEncrypted ? "https" : "http")://\(shownHost)\(pathAndQuery)" }

    /// With the port where that is not the usual one.
    var shownHost: String {
        let name = host.contains(":") ? "[\(host)]" : host
        return port == (isEncrypted ? 443 : 80) ? name : "\(name):\(port)"
    }

    /// Two targets with the same origin are the same server, spoken to in the same way.
    func hasOrigin(of other: ServiceTarget) -> Bool {
        host == other.host && port == other.port && isEncrypted == other.isEncrypted
    }
}
