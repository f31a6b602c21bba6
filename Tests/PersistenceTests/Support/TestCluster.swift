import Dispatch
import Foundation
import Synchronization
import TestSupport

@testable import Persistence

/// The PostgreSQL server of the tests. Every test has a database of its own, copied from one that is migrated once,
/// and dropped when the test lets go of it.
actor TestCluster {
    struct Absent: Error {}

    /// Nil when nobody started a server for the tests.
    static let shared = named("SILLON_TEST_POSTGRES_URL")

    /// The server that a variable of the environment names.
    static func named(_ variable: String) -> TestCluster? {
        guard let text = ProcessInfo.processInfo.environment[variable], !text.isEmpty else { return nil }
        do {
            return TestCluster(try PostgresURL(text))
        } catch {
            preconditionFailure("\(variable): \(error)")
        }
    }

    nonisolated let url: PostgresURL
    private let server: Server
    private let name = "sillon_test_\(getpid())_\(UInt32.random(in: 0...UInt32.max))"
    private var template: Task<String, any Error>?
    private var count = 0

    private init(_ url: PostgresURL) {
        self.url = url
        server = Server(url)
    }

    func open() async throws -> DisposableDatabase {
        try await empty(template: migrated())
    }

    /// A database without any table.
    func empty() async throws -> DisposableDatabase {
        try await empty(template: "template0")
    }

    private func empty(template: String) async throws -> DisposableDatabase {
        count += 1
        let name = "\(name)_\(count)"
        try await server.run("CREATE DATABASE \(name) TEMPLATE \(template)")
        return DisposableDatabase(url.withDatabase(name)) { [server] in server.drop(name) }
    }

    private func migrated() async throws -> String {
        if let template { return try await template.value }
        let (url, server, name) = (url, server, name)
        let making = Task {
            try await server.run("CREATE DATABASE \(name) TEMPLATE template0 ENCODING 'UTF8'")
            let database = PostgresDatabase(url.withDatabase(name))
            try await Migrator(database: database).up(now: 0)
            database.close()
            try await server.run("ALTER DATABASE \(name) ALLOW_CONNECTIONS false")
            try await server.waitUntilDeserted(name)
            return name
        }
        template = making
        return try await making.value
    }

    /// Statements that cannot run in a transaction, on a thread and a connection of their own. The connection stays:
    /// libpq that still signs in while the test process exits falls over what exit handlers take down.
    final class Server: Sendable {
        private let url: PostgresURL
        private let queue = DispatchQueue(label: "sillon.tests.server")
        private let connection = Mutex<LibPQ?>(nil)
        private static let limit = Duration.seconds(60)

        init(_ url: PostgresURL) { self.url = url }

        func run(_ sql: String) async throws {
            try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
                queue.async { [self] in continuation.resume(with: Result { try perform(sql) }) }
            }
        }

        private func perform(_ sql: String) throws {
            try connection.withLock { connection in
                let open = try connection ?? LibPQ(url.parameters, onNotice: { _ in })
                connection = nil
                _ = try open.run(sql, limit: Self.limit)
                connection = open
            }
        }

        /// The template is copied only when nobody is connected to it.
        func waitUntilDeserted(_ name: String) async throws {
            try await run(
                """
                DO $$ BEGIN
                    WHILE EXISTS (SELECT 1 FROM pg_stat_activity WHERE datname = '\(name)') LOOP
                        PERFORM pg_sleep(0.01); PERFORM pg_stat_clear_snapshot();
                    END LOOP;
                END $$
                """)
        }

        /// Later, while other tests run.
        func drop(_ name: String) {
            queue.async { [self] in
                do {
                    try perform("DROP DATABASE IF EXISTS \(name) WITH (FORCE)")
                } catch {
                    print("a test's database was left behind: \(error)")
                }
            }
        }
    }
}

/// Goes away with its last user.
final class DisposableDatabase: DatabaseWrapper {
    let base: PostgresDatabase
    private let dispose: @Sendable () -> Void

    init(_ url: PostgresURL, dispose: @escaping @Sendable () -> Void) {
        var options = PostgresOptions()
        options.poolSize = 2
        base = PostgresDatabase(url, options: options)
        self.dispose = dispose
    }

    deinit {
        base.close()
        dispose()
    }

    var wrapped: any Database { base }
}
