import Foundation

/// `redis://:password@host:6379/0`
package struct RedisAddress: Sendable, CustomStringConvertible {
    package struct NotAnAddress: Error {}

    let host: String
    let port: Int
    package let password: String?
    let database: Int

    package init(_ text: String) throws(NotAnAddress) {
        guard let parts = URLComponents(string: text), parts.scheme == "redis", let host = parts.host, !host.isEmpty,
            (1...65535).contains(parts.port ?? 6379), parts.query == nil, parts.fragment == nil,
            let database = Int(parts.path.isEmpty || parts.path == "/" ? "0" : String(parts.path.dropFirst())),
            (0...65535).contains(database)
        else { throw NotAnAddress() }
        self.host = host
        port = parts.port ?? 6379
        password = parts.password
        self.database = database
    }

    /// Without the password.
    package var description: String { "redis://\(host):\(port)/\(database)" }
}
