import Domain
import Foundation

/// Where a service outside is reached: `http://127.0.0.1:11434`, perhaps with a path in front of its own.
package struct ServiceAddress: Hashable, Sendable, CustomStringConvertible {
    package enum Problem: Error, Hashable {
        case notAnAddress
        /// A name, a password or a query in the address would end in logs.
        case holdsSecret
    }

    /// Without a slash at its end.
    package let url: String
    package let host: String
    package let isEncrypted: Bool

    package init(_ text: String) throws(Problem) {
        guard let parts = URLComponents(string: text) else { throw .notAnAddress }
        // First of all, so that nobody prints it.
        guard parts.user == nil, parts.password == nil, parts.query == nil, parts.fragment == nil else {
            throw .holdsSecret
        }
        guard let scheme = parts.scheme, ["http", "https"].contains(scheme), let host = parts.host, !host.isEmpty else {
            throw .notAnAddress
        }
        var url = text
        while url.hasSuffix("/") { url.removeLast() }
        self.url = url
        self.host = host
        isEncrypted = scheme == "https"
    }

    /// True when what is sent stays on this machine.
    package var isLoopback: Bool { Loopback.contains(host) }

    package var description: String { url }
}
