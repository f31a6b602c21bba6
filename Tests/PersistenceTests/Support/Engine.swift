import Foundation
import Persistence

/// The database engines that every store test runs on.
enum Engine: CaseIterable, Sendable {
    case sqlite

    static var available: [Engine] { allCases }

    /// A fresh database with the newest schema.
    func open() async throws -> any Database {
        let folder = FileManager.default.temporaryDirectory.appending(path: "sillon-tests-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let database = try SQLiteDatabase(path: folder.appending(path: "sillon.db").path)
        try await Migrator(database: database).up(now: 0)
        return database
    }
}
