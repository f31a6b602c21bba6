import Foundation
import Persistence

/// What the doctor says of the database: engine, version, soundness, schema.
enum DatabaseCheck {
    static func run(_ settings: Settings) async -> DoctorReport.Check {
        switch settings.database {
        case .file(let path): await file(path, settings)
        case .server(let url): await server(url, settings)
        }
    }

    private static func file(_ path: String, _ settings: Settings) async -> DoctorReport.Check {
        let name = "database (SQLite \(SQLiteDatabase.version))"
        var facts = stat()
        if stat(path, &facts) != 0, errno != ENOENT {
            return .init(
                name: name, verdict: .problem, detail: "cannot be looked at: \(String(cString: strerror(errno)))")
        }
        guard settings.database.exists else {
            return .init(name: name, verdict: .fine, detail: "not there yet; sillon up makes it")
        }
        do {
            let database = try SQLiteDatabase(path: path)
            defer { try? database.close() }  // the process ends soon after
            let damage = try await database.damage()
            guard damage.isEmpty else {
                return .init(name: name, verdict: .problem, detail: "damaged: " + damage.joined(separator: "; "))
            }
            return .init(name: name, verdict: .fine, detail: "sound, " + (try await schema(database)))
        } catch {
            return .init(name: name, verdict: .problem, detail: CommandError(describing: error).message)
        }
    }

    private static func server(_ url: PostgresURL, _ settings: Settings) async -> DoctorReport.Check {
        let database = PostgresDatabase(url, options: settings.pool)
        defer { database.close() }
        do {
            let version = try await database.serverVersion()
            return .init(
                name: "database (PostgreSQL \(version))", verdict: .fine,
                detail: "\(url), " + (try await schema(database)))
        } catch {
            return .init(
                name: "database (PostgreSQL)", verdict: .problem,
                detail: "\(url): \(CommandError(describing: error).message)")
        }
    }

    private static func schema(_ database: any Database) async throws -> String {
        let steps = try await Migrator(database: database).status()
        if let newest = steps.last(where: { !$0.isKnown }) {
            throw SchemaError.newer(
                name: "the database", schema: newest.version, known: steps.last { $0.isKnown }?.version ?? 0)
        }
        let missing = steps.count { !$0.isApplied }
        return "schema \(steps.last { $0.isApplied }?.version ?? 0)"
            + (missing > 0 ? ", \(missing) steps to come at the next start" : "")
    }
}
