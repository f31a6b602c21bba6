/// Where a listener waits: `127.0.0.1:9464`, `[::1]:9464`, or `9464` for this machine alone.
struct ListenAddress: Hashable, Sendable {
    let host: String
    /// 0 takes any free port.
    let port: Int

    /// Nil for anything else.
    init?(_ text: String) {
        let colon = text.lastIndex(of: ":")
        let digits = colon.map { text[text.index(after: $0)...] } ?? text[...]
        guard let port = UInt16(digits), digits.allSatisfy(\.isNumber) else { return nil }
        var host = colon.map { text[..<$0] } ?? "127.0.0.1"
        let isBracketed = host.hasPrefix("[") && host.hasSuffix("]")
        if isBracketed { host = host.dropFirst().dropLast() }
        guard !host.isEmpty, isBracketed == host.contains(":") else { return nil }
        self.host = String(host)
        self.port = Int(port)
    }
}

extension ListenAddress: CustomStringConvertible {
    var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}
