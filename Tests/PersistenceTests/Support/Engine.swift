import Foundation
import Persistence

/// The database engines that every store test runs on.
enum Engine: CaseIterable, Sendable {
    case sqlite, postgres

    /// All of them, unless there is no server; `EngineTests` then fails and says so.
    static var available: [Engine] { allCases.filter { $0 != .postgres || TestCluster.shared != nil } }

    /// A fresh database with the newest schema.
    func open() async throws -> any Database {
        if self == .postgres { return try await cluster().open() }
        let database = try await openEmpty()
        try await Migrator(database: database).up(now: 0)
        return database
    }

    /// A fresh database without any table.
    func openEmpty() async throws -> any Database {
        if self == .postgres { return try await cluster().empty() }
        let folder = FileManager.default.temporaryDirectory.appending(path: "sillon-tests-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        return try SQLiteDatabase(path: folder.appending(path: "sillon.db").path)
    }

    private func cluster() throws -> TestCluster {
        guard let cluster = TestCluster.shared else { throw TestCluster.Absent() }
        return cluster
    }
}
