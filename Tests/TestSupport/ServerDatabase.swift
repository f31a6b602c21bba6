import Foundation

/// A fresh database on the tests' PostgreSQL server, dropped when nobody holds it any more. Whole processes use it, so
/// it needs nothing of the program under test.
package final class ServerDatabase: Sendable {
    struct Absent: Error {}

    /// What a program is given to use it.
    package let url: String
    private let name: String
    private let server: String

    /// Nil when nobody started a server for the tests.
    static let server: String? = {
        let text = ProcessInfo.processInfo.environment["SILLON_TEST_POSTGRES_URL"] ?? ""
        return text.isEmpty ? nil : text
    }()

    /// - Parameter server: Another one than that of most tests.
    package init(on server: String? = ServerDatabase.server) throws {
        guard let server, var parts = URLComponents(string: server) else { throw Absent() }
        let name = "sillon_process_test_\(getpid())_\(UInt64.random(in: 0...UInt64.max))"
        try Tool.run("psql", [server, "-qc", "CREATE DATABASE \(name) TEMPLATE template0 ENCODING 'UTF8'"])
        parts.path = "/" + name
        guard let url = parts.string else { throw Absent() }
        (self.url, self.name, self.server) = (url, name, server)
    }

    /// Ends whoever uses it.
    package func drop() throws {
        try Tool.run("psql", [server, "-qc", "DROP DATABASE IF EXISTS \(name) WITH (FORCE)"])
    }

    deinit {
        do {
            try drop()
        } catch {
            print("a test's database was left behind: \(error)")
        }
    }
}
