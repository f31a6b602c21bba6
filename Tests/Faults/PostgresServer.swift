import Foundation
import Glibc
import Synchronization
import TestSupport

/// A PostgreSQL server of our own with its default, durable settings: it may be killed, frozen and starved.
package final class PostgresServer: Sendable {
    package let port: Int
    private let folder: String
    private let lab: Lab
    private let secret: String
    private let programs: String
    private let process = Mutex<SpawnedProcess?>(nil)

    package struct Problem: Error, CustomStringConvertible {
        package let description: String
    }

    /// The owner of the cluster, and the user and database of the program, which has no special rights.
    private static let owner = "lab"
    private static let user = "sillon"
    private static let startLimit = Duration.seconds(60)

    /// Makes the cluster and starts it.
    /// - Parameter disk: where it lies; a folder of the lab when nil.
    package init(_ lab: Lab, disk: String? = nil) async throws {
        self.lab = lab
        folder = disk ?? lab.folder + "/postgres"
        programs = try Self.findPrograms()
        secret = Hex.random(bytes: 16)
        port = try FreePort.find()
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let secretFile = lab.folder + "/postgres-secret"
        try Data((secret + "\n").utf8).write(to: URL(filePath: secretFile))
        for path in [folder, secretFile] { try handOver(path) }
        let made = try await command(
            "initdb",
            [
                "-D", folder + "/data", "-U", Self.owner, "-E", "UTF8", "--locale=C", "-A", "scram-sha-256",
                "--pwfile=" + secretFile, "--no-sync",
            ])
        guard made.exit == .code(0) else { throw Problem(description: "initdb: \(made.output) \(made.errors)") }
        try await start()
        try await query("CREATE ROLE \(Self.user) LOGIN PASSWORD '\(secret)'")
        try await query("CREATE DATABASE \(Self.user) OWNER \(Self.user) TEMPLATE template0")
    }

    deinit { stop() }

    package func url(port: Int) -> String {
        "postgres://\(Self.user):\(secret)@127.0.0.1:\(port)/\(Self.user)"
    }

    package var ownerURL: String { "postgres://\(Self.owner):\(secret)@127.0.0.1:\(port)/\(Self.user)" }

    // MARK: The process

    /// - Parameter settings: "name=value"; otherwise the server has its defaults.
    package func start(settings: [String] = []) async throws {
        let arguments =
            ["-D", folder + "/data", "-k", "", "-p", "\(port)", "-c", "listen_addresses=127.0.0.1"]
            + settings.flatMap { ["-c", $0] }
        let started = try lab.start(arguments, wrapper: asOwner, program: programs + "/postgres")
        process.withLock { $0 = started }
        try await until("PostgreSQL answers", Self.startLimit, every: .milliseconds(50)) {
            if let exit = started.exit {
                throw Problem(description: "PostgreSQL ended with \(exit): \(Lab.text(started.errors).suffix(1000))")
            }
            return try await self.command("pg_isready", ["-q", "-h", "127.0.0.1", "-p", "\(self.port)"]).exit
                == .code(0)
        }
    }

    /// What `pg_ctl stop -m immediate` does: SIGQUIT, no checkpoint; the next start recovers from the log.
    package func crash() async throws {
        guard let running = process.withLock({ $0 }) else { return }
        running.signal(SIGQUIT)
        _ = try await running.waitForExit()
    }

    /// Checkpoint and end.
    package func stopFast() async throws {
        guard let running = process.withLock({ $0 }) else { return }
        running.signal(SIGINT)
        _ = try await running.waitForExit()
    }

    /// False after it has ended by itself, as it may when its disk is full.
    package var isRunning: Bool { process.withLock { $0?.exit == nil } }

    /// Stops every process of the server, the postmaster first so that none is born meanwhile. Answers them.
    package func freeze() -> [pid_t] {
        guard let postmaster = process.withLock({ $0?.id }) else { return [] }
        kill(postmaster, SIGSTOP)
        let family = [postmaster] + Processes.descendants(of: postmaster).map(\.id)
        for id in family { kill(id, SIGSTOP) }
        return family
    }

    package func thaw(_ family: [pid_t]) {
        for id in family.reversed() { kill(id, SIGCONT) }
    }

    private func stop() {
        process.withLock { process in
            // SIGQUIT lets the postmaster take its children along; the files are thrown away anyway.
            process?.signal(SIGCONT)
            process?.signal(SIGQUIT)
            process = nil
        }
    }

    // MARK: Statements

    /// Runs one statement as the cluster's owner; the lines of its answer.
    @discardableResult
    package func query(_ sql: String, database: String = "postgres") async throws -> [String] {
        let url = "postgres://\(Self.owner):\(secret)@127.0.0.1:\(port)/\(database)"
        let end = try await command("psql", [url, "-XAtqc", sql])
        guard end.exit == .code(0) else { throw Problem(description: "\(sql): \(end.errors)") }
        return end.output.split(separator: "\n").map(String.init)
    }

    /// The processes that serve the program at this moment.
    package func backends() async throws -> [Int] {
        try await query(
            "SELECT pid FROM pg_stat_activity WHERE datname = '\(Self.user)' AND usename = '\(Self.user)' ORDER BY pid"
        ).compactMap { Int($0) }
    }

    package func damage() async throws -> [String] {
        try await query("CREATE EXTENSION IF NOT EXISTS amcheck", database: Self.user)
        do {
            try await query(
                """
                SELECT bt_index_check(index => pg_class.oid, heapallindexed => true) FROM pg_class
                JOIN pg_index ON indexrelid = pg_class.oid JOIN pg_am ON pg_am.oid = relam
                WHERE amname = 'btree' AND relkind = 'i' AND relpersistence = 'p' AND indisvalid
                """, database: Self.user)
            return []
        } catch let problem as Problem {
            return [problem.description]
        }
    }

    // MARK: Programs

    private func command(_ name: String, _ arguments: [String]) async throws -> Lab.Finished {
        try await lab.run(arguments, wrapper: asOwner, program: programs + "/" + name)
    }

    /// PostgreSQL refuses to run as root.
    private var asOwner: [String] {
        geteuid() == 0 ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", "--"] : []
    }

    private func handOver(_ path: String) throws {
        guard geteuid() == 0 else { return }
        guard let entry = getpwnam("postgres"), chown(path, entry.pointee.pw_uid, entry.pointee.pw_gid) == 0 else {
            throw Problem(description: "\(path) cannot be given to the user postgres")
        }
    }

    /// The newest installed version's folder of programs; Debian keeps them off the PATH.
    private static func findPrograms() throws -> String {
        let root = "/usr/lib/postgresql"
        let versions = (try? FileManager.default.contentsOfDirectory(atPath: root)) ?? []  // none: see the guard
        guard let newest = versions.compactMap({ Int($0) }).max() else {
            throw Problem(description: "PostgreSQL is not installed below \(root)")
        }
        return "\(root)/\(newest)/bin"
    }
}

enum Hex {
    static func random(bytes: Int) -> String {
        (0..<bytes).map { _ in
            let text = String(UInt8.random(in: 0...255), radix: 16)
            return text.count == 1 ? "0" + text : text
        }.joined()
    }
}
