import Persistence
import TestSupport

/// The database under a fleet: how processes find it, and how the checks look into it.
package protocol LabEngine: Sendable {
    var name: EngineName { get }
    /// Orchestrators that may share it.
    var maxServers: Int { get }
    /// What the program reads to find it.
    var environment: [String: String] { get }

    /// A way in of our own, past every fault.
    func open() throws -> any Database
    /// What the engine itself says of its files; empty when they are sound.
    func damage() async throws -> [String]
}

package enum EngineName: String, CaseIterable, Codable, Sendable {
    case sqlite, postgres
}

/// A file in the lab's data folder.
struct SQLiteEngine: LabEngine {
    let lab: Lab
    let name = EngineName.sqlite
    let maxServers = 1
    let environment: [String: String] = [:]

    func open() throws -> any Database { try SQLiteDatabase(path: lab.data + "/sillon.db") }

    func damage() async throws -> [String] {
        let database = try SQLiteDatabase(path: lab.data + "/sillon.db")
        let damage = try await database.damage()
        try database.close()
        return damage
    }
}

/// A database on a server that belongs to the run.
struct PostgresEngine: LabEngine {
    let server: PostgresServer
    /// Where the program connects to; the server itself, or something in between.
    let port: Int
    let name = EngineName.postgres
    let maxServers = 8

    var environment: [String: String] { ["SILLON_DATABASE_URL": server.url(port: port)] }

    func open() throws -> any Database {
        var options = PostgresOptions()
        options.poolSize = 1
        options.overflow = 1
        return PostgresDatabase(try PostgresURL(server.ownerURL), options: options)
    }

    /// Every page that amcheck reads belongs to an index that agrees with its table.
    func damage() async throws -> [String] { try await server.damage() }
}
