import Foundation
import UseCases

/// A dump by `pg_dump` in its custom form.
package struct PostgresBackup: Sendable {
    package let path: String

    package init(path: String) {
        self.path = path
    }

    /// What a backup or a restored database holds; `isVerified` when it was compared row by row.
    package struct Report: Sendable {
        package let digests: [TableDigest]
        package let isVerified: Bool
    }

    /// What a server makes anew from the rest: see `PgvectorRegistry`.
    private static let derivedTables = "pgvector_*"

    /// Writes one snapshot while others go on writing, restores it into a database of its own and compares, where the
    /// user may create databases. The file is not there, or whole.
    package func make(from database: PostgresDatabase) async throws -> Report {
        let partial = path + ".partial"
        try PrivateFile.make(partial, inPlaceOf: path)
        do {
            let tools = PostgresTools(url: database.url)
            let source = try await database.read { connection in
                try Migrator.refuseNewer(on: connection, named: "the database")
                // From now on no table of the history is dropped before all is read.
                try connection.forEach("SELECT 1 FROM task_run LIMIT 0") { _ in }
                let snapshot = try connection.first("SELECT pg_export_snapshot()") { $0.text(0) ?? "" } ?? ""
                try tools.run(
                    "pg_dump",
                    [
                        "--format=custom", "--no-owner", "--no-privileges", "--snapshot=\(snapshot)",
                        "--exclude-table=\(Self.derivedTables)", "--file=\(partial)",
                    ])
                return try TableDigest.all(on: connection)
            }
            let written = try await PostgresBackup(path: partial).digests(besides: database)
            if let written { try TableDigest.compare(source, written) }
            try PrivateFile.publish(partial, as: path)
            return Report(digests: source, isVerified: written != nil)
        } catch {
            unlink(partial)
            throw error
        }
    }

    /// Replaces what is in the database, in one transaction. Tasks that were running when the backup was made are ready
    /// again. Nobody may use the database.
    package func restore(into database: PostgresDatabase) async throws -> Report {
        let expected = try await digests(besides: database)
        try restoreAll(into: database.url)
        let written = try await database.write(durable: true) { [path] connection in
            // Without a database besides, this is the first look.
            try Migrator.refuseNewer(on: connection, named: "\(path) was restored, but")
            for statement in LeftBehind.statements { try connection.execute(statement) }
            try StoredTable.measureAll(on: connection)
            return try TableDigest.all(on: connection)
        }
        if let expected { try TableDigest.compare(expected, written) }
        return Report(digests: written, isVerified: expected != nil)
    }

    /// As text through `psql`, since `pg_restore` by itself cannot take away what the backup does not know, such as the
    /// tables of a newer schema, in the same transaction.
    private func restoreAll(into url: PostgresURL) throws {
        let script = FileManager.default.temporaryDirectory.appending(path: "sillon-restore-\(UUID().uuidString)").path
        let list = script + ".list"
        for file in [script, list] { try PrivateFile.make(file) }
        defer { for file in [script, list] { unlink(file) } }
        let tools = PostgresTools(url: url)
        try tools.run("pg_restore", ["--list", "--file=\(list)", path], connects: false)
        let lines = try String(contentsOfFile: list, encoding: .utf8).split(separator: "\n")
        try lines.filter { !Self.isExtension($0) }.joined(separator: "\n")
            .write(toFile: list, atomically: false, encoding: .utf8)
        try tools.run(
            "pg_restore",
            [
                "--no-owner", "--no-privileges", "--exit-on-error", "--clean", "--if-exists", "--use-list=\(list)",
                "--file=\(script)", path,
            ],
            connects: false)
        try tools.run(
            "psql",
            [
                "--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1",
                "--command=\(Self.dropAll)", "--file=\(script)",
            ])
    }

    /// Nothing in a backup needs one, and who restores may neither drop nor make them:
    /// `2; 3079 16385 EXTENSION - vector`, `3399; 0 0 COMMENT - EXTENSION vector`.
    private static func isExtension(_ line: Substring) -> Bool {
        let words = line.split(separator: " ")
        return words.count > 4 && (words[3] == "EXTENSION" || words[3] == "COMMENT" && words[5...].first == "EXTENSION")
    }

    private static let dropAll = """
        DO $$
        DECLARE one text;
        BEGIN
            SET LOCAL client_min_messages = warning;
            FOR one IN SELECT quote_ident(relname) FROM pg_class
                WHERE relnamespace = to_regnamespace(quote_ident(current_schema())) AND relkind IN ('r', 'p')
                    AND NOT relispartition
            LOOP
                EXECUTE 'DROP TABLE IF EXISTS ' || one || ' CASCADE';
            END LOOP;
        END $$
        """

    /// Restored into a database that is dropped afterwards; nil when the user may not create one.
    private func digests(besides database: PostgresDatabase) async throws -> [TableDigest]? {
        let name = "sillon_check_\(UInt64.random(in: 0...UInt64.max))"
        guard try await database.runAlone("CREATE DATABASE \(name) TEMPLATE template0 ENCODING 'UTF8'") else {
            return nil
        }
        let result: Result<[TableDigest], any Error>
        do {
            let url = database.url.withDatabase(name)
            try restoreAll(into: url)
            let restored = database.sibling(url)
            defer { restored.close() }
            result = .success(
                try await restored.read { [path] connection in
                    try Migrator.refuseNewer(on: connection, named: path)
                    return try TableDigest.all(on: connection)
                })
        } catch {
            result = .failure(error)
        }
        _ = try await database.runAlone("DROP DATABASE IF EXISTS \(name) WITH (FORCE)")
        return try result.get()
    }
}

extension PostgresDatabase {
    private static let aloneLimit = Duration.seconds(600)

    /// A statement that cannot run in a transaction, on a connection of its own. False when the user lacks the right.
    fileprivate func runAlone(_ sql: String) async throws -> Bool {
        let session = PostgresSession(url, options)
        let answer = await session.perform { session in Result { try session.run(sql, limit: Self.aloneLimit) } }
        session.close {}
        do {
            try answer.get()
            return true
        } catch let error as PostgresError {
            if error.state == PostgresError.notPermitted { return false }
            throw PostgresFailure.storeError(error)
        }
    }

    /// Another database on the same server, with the same options.
    fileprivate func sibling(_ url: PostgresURL) -> PostgresDatabase { PostgresDatabase(url, options: options) }
}
