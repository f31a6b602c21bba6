import Foundation
import TestSupport
import Testing

@testable import Persistence

@Suite("Backup and restore")
struct BackupTests {
    private let folder: String

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "sillon-backup-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }

    private func mode(_ path: String) throws -> Int {
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        return (attributes[.posixPermissions] as? NSNumber)?.intValue ?? 0
    }

    @Test("A backup of SQLite, made while others write, restores to what it was; the old file is kept")
    func sqlite() async throws {
        let bench = try await CopyTests.library(.sqlite)
        let source = try #require(bench.database as? SQLiteDatabase)
        let writing = Task {
            for number in 0..<200 {
                _ = try await source.write {
                    try $0.execute("INSERT INTO catalogue_counter (name, value) VALUES (\("w\(number)"), 1)")
                }
            }
        }
        let backup = folder + "/backup"
        let digests = try await source.backUp(to: backup)
        try await writing.value
        #expect(try mode(backup) == 0o600)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["backup"])

        let target = folder + "/sillon.db"
        let old = try SQLiteDatabase(path: target)
        try await Migrator(database: old).up(now: 0)
        try await old.emptyLog()
        try old.close()
        let (restored, kept) = try SQLiteBackup(path: backup).restore(to: target, keepingOldAs: folder + "/kept")
        #expect(restored == digests && kept == folder + "/kept")
        #expect(try mode(target) == 0o600)
        let opened = try SQLiteDatabase(path: target)
        #expect(try await CopyTests.digests(opened) == digests)
        let keptDatabase = try SQLiteDatabase(path: folder + "/kept")
        #expect(try await !DatabaseUse.holdsRows(keptDatabase))
    }

    @Test("What root restores or backs up belongs to the owner of the folder", .enabled(if: geteuid() == 0))
    func ownerOfTheFolder() async throws {
        let someone: (user: uid_t, group: gid_t) = (65534, 65533)
        #expect(chown(folder, someone.user, someone.group) == 0)
        func check(_ name: String) {
            var found = stat()
            #expect(lstat("\(folder)/\(name)", &found) == 0)
            #expect(found.st_uid == someone.user && found.st_gid == someone.group, "\(name) is \(found.st_uid)'s")
        }
        let bench = try await CopyTests.library(.sqlite)
        let source = try #require(bench.database as? SQLiteDatabase)
        let backup = folder + "/backup"
        _ = try await source.backUp(to: backup)
        check("backup")
        let target = folder + "/sillon.db"
        FolderOwner.makeDatabase(target)
        let made = try SQLiteDatabase(path: target)
        try await Migrator(database: made).up(now: 0)
        for name in ["sillon.db", "sillon.db-wal", "sillon.db-shm"] { check(name) }
        try await made.emptyLog()
        try made.close()
        _ = try SQLiteBackup(path: backup).restore(to: target, keepingOldAs: folder + "/kept")
        for name in ["sillon.db", "kept"] { check(name) }
        // What replaces a file has the owner of that, not the one of its folder.
        #expect(chown(folder, 0, 0) == 0)
        _ = try SQLiteBackup(path: backup).restore(to: target, keepingOldAs: folder + "/kept-too")
        check("sillon.db")
    }

    @Test("A damaged backup is refused, and the database stays as it is")
    func damaged() async throws {
        let bench = try await CopyTests.library(.sqlite)
        let source = try #require(bench.database as? SQLiteDatabase)
        let backup = folder + "/backup"
        _ = try await source.backUp(to: backup)
        var bytes = try Data(contentsOf: URL(filePath: backup))
        for offset in stride(from: 4096, to: bytes.count, by: 512) { bytes[offset] ^= 0xFF }
        try bytes.write(to: URL(filePath: backup))
        let target = folder + "/sillon.db"
        try Data("old".utf8).write(to: URL(filePath: target))
        #expect(throws: (any Error).self) {
            try SQLiteBackup(path: backup).restore(to: target, keepingOldAs: folder + "/kept")
        }
        #expect(try Data(contentsOf: URL(filePath: target)) == Data("old".utf8))
        #expect(Set(try FileManager.default.contentsOfDirectory(atPath: folder)) == ["backup", "sillon.db"])
    }

    @Test(
        "A backup of PostgreSQL is compared with its source and restores to what it was",
        .enabled(if: TestCluster.shared != nil))
    func postgres() async throws {
        let bench = try await CopyTests.library(.postgres)
        let source = try #require(bench.database as? DisposableDatabase).base
        let backup = folder + "/dump"
        let report = try await PostgresBackup(path: backup).make(from: source)
        #expect(report.isVerified)
        #expect(try mode(backup) == 0o600)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["dump"])
        let lines = try await CatalogueDump.lines(of: bench.database)

        let target = try #require(try await CopyTests.library(.postgres).database as? DisposableDatabase)
        _ = try await target.write { connection in
            try connection.execute("DELETE FROM track_artist")
            // As a newer schema might, and as time does.
            try connection.execute("CREATE TABLE newer (track_id BIGINT REFERENCES track (id))")
            try connection.execute(
                "INSERT INTO schema_migration (version, name, checksum, applied_at) VALUES (999, 'newer', 'x', 1)")
            try connection.execute(
                "CREATE TABLE task_run_day_1 PARTITION OF task_run_ended FOR VALUES FROM (86400000000) TO (172800000000)"
            )
        }
        let restored = try await PostgresBackup(path: backup).restore(into: target.base)
        #expect(restored.isVerified)
        #expect(restored.digests == report.digests)
        #expect(try await CatalogueDump.lines(of: target) == lines)
        #expect(try await Migrator(database: target).isCurrent())
        let left = try await target.read { connection in
            try connection.all("SELECT 1 FROM pg_class WHERE relname IN ('newer', 'task_run_day_1')") { _ in 1 }
        }
        #expect(left.isEmpty)
    }

    @Test("A restore that fails leaves the database as it was", .enabled(if: TestCluster.shared != nil))
    func failing() async throws {
        let bench = try await CopyTests.library(.postgres)
        let database = try #require(bench.database as? DisposableDatabase)
        let backup = folder + "/dump"
        _ = try await PostgresBackup(path: backup).make(from: database.base)
        let lines = try await CatalogueDump.lines(of: database)
        // Shorter than its own list of contents says.
        let bytes = try Data(contentsOf: URL(filePath: backup))
        try bytes.prefix(bytes.count * 3 / 4).write(to: URL(filePath: backup))
        await #expect(throws: TransferError.self) {
            try await PostgresBackup(path: backup).restore(into: database.base)
        }
        #expect(try await CatalogueDump.lines(of: database) == lines)
    }

    @Test("No password is on the command line of PostgreSQL's programs")
    func secrets() throws {
        let url = try PostgresURL("postgres://me:s3cret'x@host/db?sslpassword=other")
        let text = PostgresTools(url: url).connection
        #expect(!text.contains("s3cret") && !text.contains("other"))
        #expect(text.contains("host='host'") && text.contains("user='me'"))
    }
}
