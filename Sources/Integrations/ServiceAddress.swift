import Foundation

/// Where a service outside is reached: `http://127.0.0.1:11434`, perhaps with a path in front of its own.
package struct ServiceAddress: Hashable, Sendable, CustomStringConvertible {
    package enum Problem: Error, Hashable {
        case notAnAddress
        /// A name or password in the address would end in logs.
        case holdsSecret
    }

    /// Without a slash at its end.
    package let url: String
    package let host: String
    package let isEncrypted: Bool

    package init(_ text: String) throws(Problem) {
        guard let parts = URLComponents(string: text), let scheme = parts.scheme, ["http", "https"].contains(scheme),
            let host = parts.host, !host.isEmpty, parts.query == nil, parts.fragment == nil
        else { throw .notAnAddress }
        guard parts.user == nil, parts.password == nil else { throw .holdsSecret }
        var url = text
        while url.hasSuffix("/") { url.removeLast() }
        self.url = url
        self.host = host
        isEncrypted = scheme == "https"
    }

    /// True when what is sent stays on this machine.
    package var isLoopback: Bool {
        host == "localhost" || host == "::1" || host == "[::1]" || host.hasPrefix("127.")
    }

    package var description: String { url }
}
