import Foundation
import Persistence
import Testing

@testable import sillon

@Suite struct SchemaUpgradeTests {
    @Test("A step that fails is named, with the backup that the package kept before")
    func failing() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "sillon-upgrade-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: folder) }  // the system's temporary folder
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let database = try SQLiteDatabase(path: folder + "/sillon.db")
        let upgrade = SchemaUpgrade(database: database, dataFolder: folder)
        #expect(try await upgrade.run(to: 1) == [1])
        _ = try await database.write(durable: false) {
            try $0.execute(
                """
                CREATE TRIGGER in_the_way BEFORE INSERT ON schema_migration BEGIN SELECT RAISE(ABORT, 'in the way'); END
                """)
        }
        let plain = try await #require(throws: (any Error).self) { try await upgrade.run() }
        let said = CommandError(describing: plain)
        #expect(said.exitStatus == .misconfigured)
        #expect(said.message.contains("schema step 2 (") && said.message.contains("in the way"))
        #expect(said.message.contains("ROLLBACK.md") && !said.message.contains("backup before"))

        let upgrades = folder + "/backups/upgrades"
        try FileManager.default.createDirectory(atPath: upgrades, withIntermediateDirectories: true)
        try "\(upgrades)/one.backup\n".write(toFile: upgrades + "/under-way", atomically: false, encoding: .utf8)
        let told = try await #require(throws: (any Error).self) { try await upgrade.run() }
        #expect(CommandError(describing: told).exitStatus == .misconfigured)
        let words = CommandError(describing: told).message
        #expect(words.hasSuffix("The backup before this upgrade: \(upgrades)/one.backup"))
    }
}
