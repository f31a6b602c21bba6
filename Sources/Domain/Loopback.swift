/// Names and addresses of this machine, to itself.
package enum Loopback {
    /// True for `localhost`, `::1` (with or without brackets) and 127.0.0.0/8; a name that only looks like one is none.
    package static func contains(_ host: String) -> Bool {
        let host = host.lowercased()
        if ["localhost", "::1", "[::1]"].contains(host) { return true }
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil && $0.first != "+" }
    }
}
