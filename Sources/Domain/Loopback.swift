/// Names and addresses of this machine, to itself.
package enum Loopback {
    /// True for `localhost`, `::1` (with or without brackets) and 127.0.0.0/8; a name that only looks like one is none.
    package static func contains(_ host: String) -> Bool {
        let host = host.lowercased()
        if host == "localhost" { return true }
        return NetworkAddress(host).flatMap(SpecialRange.of)?.name == SpecialRange.loopback
    }
}
