import Persistence

/// Brings the schema up; when a step fails, says where the backup is that the package kept before.
struct SchemaUpgrade: Sendable {
    let database: any Database
    let dataFolder: String

    /// Written by the package's postinst: the path of the backup of an upgrade that is not through yet.
    private static let note = "backups/upgrades/under-way"

    func run(to target: Int? = nil) async throws -> [Int] {
        do {
            return try await Migrator(database: database).up(to: target, now: SystemClock.microseconds())
        } catch let error as SchemaError {
            guard case .failed = error, let backup else { throw error }
            throw CommandError.misconfigured("\(error). The backup before this upgrade: \(backup)")
        }
    }

    private var backup: String? {
        SystemFiles().text("\(dataFolder)/\(Self.note)")?.split(separator: "\n").first.map(String.init)
    }
}
