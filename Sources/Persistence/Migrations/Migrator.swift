import Crypto
import Domain
import UseCases

/// Brings the schema up or down, one transaction a step, safe when two processes start at once.
package struct Migrator: Sendable {
    package struct Step: Hashable, Sendable {
        package let version: Int
        package let name: String
        package let isApplied: Bool
        /// False for what a newer build applied.
        package let isKnown: Bool
    }

    private let database: any Database
    private let migrations: [Migration]

    package init(database: any Database, migrations: [Migration] = Migration.all) {
        self.database = database
        self.migrations = migrations
    }

    /// Applies what is missing, up to `target` (all when nil). Answers the versions that were applied now.
    @discardableResult
    package func up(to target: Int? = nil, now: Int64) async throws -> [Int] {
        let known = try await checked()
        var applied: [Int] = []
        for migration in migrations where migration.version <= target ?? .max && known[migration.version] == nil {
            let script = migration.script(for: database.dialect)
            let didApply = try await alone(migration) { connection, known in
                guard known[migration.version] == nil else { return false }
                try connection.execute(Self.table)
                for statement in script.up { try connection.execute(Query(stringLiteral: statement)) }
                try connection.execute(
                    """
                    INSERT INTO schema_migration (version, name, checksum, applied_at)
                    VALUES (\(migration.version), \(migration.name), \(script.checksum), \(now))
                    """)
                return true
            }
            if didApply { applied.append(migration.version) }
        }
        return applied
    }

    /// Takes back every step above `target`, newest first.
    @discardableResult
    package func down(to target: Int) async throws -> [Int] {
        let known = try await checked()
        var undone: [Int] = []
        for migration in migrations.reversed() where migration.version > target && known[migration.version] != nil {
            let script = migration.script(for: database.dialect)
            let didUndo = try await alone(migration) { connection, known in
                guard known[migration.version] != nil else { return false }
                for statement in script.down { try connection.execute(Query(stringLiteral: statement)) }
                try connection.execute("DELETE FROM schema_migration WHERE version = \(migration.version)")
                return true
            }
            if didUndo { undone.append(migration.version) }
        }
        return undone
    }

    /// Whether every step is applied. Throws when there are steps that this build does not know.
    package func isCurrent() async throws -> Bool {
        let known = try await checked()
        return migrations.allSatisfy { known[$0.version] != nil }
    }

    /// Writes nothing, not even to an empty database.
    package func status() async throws -> [Step] {
        let applied = try await database.read { try Self.applied($0) }
        let versions = Set(migrations.map(\.version))
        return migrations.map {
            Step(version: $0.version, name: $0.name, isApplied: applied[$0.version] != nil, isKnown: true)
        }
            + applied.filter { !versions.contains($0.key) }.sorted { $0.key < $1.key }
            .map { Step(version: $0.key, name: $0.value.name, isApplied: true, isKnown: false) }
    }

    /// One step, in which nobody else migrates: a second process waits and then finds it done.
    private func alone(
        _ migration: Migration,
        _ body: @Sendable @escaping (any Connection, _ known: [Int: String]) throws -> Bool
    ) async throws -> Bool {
        do {
            return try await alone(body)
        } catch let error as StoreError where !error.mayPass {
            throw SchemaError.failed(step: migration.version, name: migration.name, reason: error.description)
        } catch StoreError.outOfSpace(let why) {
            throw StoreError.outOfSpace("schema step \(migration.version) (\(migration.name)) was not taken: \(why)")
        }
    }

    private func alone(
        _ body: @Sendable @escaping (any Connection, _ known: [Int: String]) throws -> Bool
    ) async throws -> Bool {
        try await database.write(durable: true) { connection in
            if connection.dialect == .postgres {
                try connection.execute("SET LOCAL statement_timeout = '10min'")
                try connection.execute("SET LOCAL lock_timeout = '2min'")
                try connection.forEach("SELECT pg_advisory_xact_lock(\(Self.lockKey))") { _ in }
            }
            let known = try Self.checksums(connection)
            try check(known)
            return try body(connection, known)
        }
    }

    /// "sillon" in ASCII.
    private static let lockKey: Int64 = 0x7369_6c6c_6f6e

    private static let table: Query = """
        CREATE TABLE IF NOT EXISTS schema_migration (
            version INTEGER PRIMARY KEY, name TEXT NOT NULL, checksum TEXT NOT NULL, applied_at BIGINT NOT NULL)
        """

    /// What is applied, when this build may touch it. Reads only: what a newer build has made stays as it is, and a
    /// start on the newest schema writes nothing.
    private func checked() async throws -> [Int: String] {
        let known = try await database.read { try Self.checksums($0) }
        try check(known)
        return known
    }

    private struct Applied: Sendable {
        let name: String
        let checksum: String
    }

    private static func checksums(_ connection: any Connection) throws -> [Int: String] {
        try applied(connection).mapValues(\.checksum)
    }

    private static func applied(_ connection: any Connection) throws -> [Int: Applied] {
        guard try connection.first(tableLookup(connection.dialect), { _ in true }) != nil else { return [:] }
        let rows = try connection.all("SELECT version, name, checksum FROM schema_migration") { row in
            (Int(row.int(0) ?? 0), Applied(name: row.text(1) ?? "", checksum: row.text(2) ?? ""))
        }
        return Dictionary(uniqueKeysWithValues: rows)
    }

    /// PostgreSQL's `to_regclass` answers from a cache that may be older than the lock that was just waited for.
    private static func tableLookup(_ dialect: Dialect) -> Query {
        switch dialect {
        case .sqlite: "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'schema_migration'"
        case .postgres: "SELECT 1 FROM pg_tables WHERE schemaname = current_schema() AND tablename = 'schema_migration'"
        }
    }

    /// Throws when there are steps that this build does not know, also one in the middle.
    static func refuseNewer(on connection: any Connection, named name: String) throws {
        try refuseNewer(checksums(connection), than: Migration.all, named: name)
    }

    private static func refuseNewer(_ known: [Int: String], than migrations: [Migration], named name: String) throws {
        let versions = Set(migrations.map(\.version))
        guard let strange = known.keys.filter({ !versions.contains($0) }).max() else { return }
        let newest = versions.max() ?? 0
        guard strange > newest else { throw SchemaError.unknown(name: name, step: strange) }
        throw SchemaError.newer(name: name, schema: strange, known: newest)
    }

    private func check(_ known: [Int: String]) throws {
        try Self.refuseNewer(known, than: migrations, named: "the database")
        for migration in migrations {
            let checksum = migration.script(for: database.dialect).checksum
            if let applied = known[migration.version], applied != checksum {
                throw SchemaError.changed(step: migration.version, name: migration.name)
            }
        }
    }
}

extension Migration.Script {
    var checksum: String {
        Hex.encode(Array(SHA256.hash(data: Array((up + down).joined(separator: ";\n").utf8))))
    }
}
