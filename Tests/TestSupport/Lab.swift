import Domain
import Foundation
import Synchronization

/// A folder for one test: music, data folder, logs, and perhaps a database on a server. What was started in it ends
/// with it.
package final class Lab: Sendable {
    package let folder: String
    package var music: String { folder + "/music" }
    package var data: String { folder + "/data" }
    /// Nil when the database is a file in the data folder.
    package let server: ServerDatabase?
    private let started = Mutex<[SpawnedProcess]>([])
    private let logs = Atomic(0)

    package convenience init(_ engine: Engine = .sqlite) throws {
        try self.init(database: engine == .postgres ? try ServerDatabase() : nil)
    }

    /// - Parameter database: Nil for a file in the data folder.
    package init(database: ServerDatabase?) throws {
        server = database
        folder = NSTemporaryDirectory() + "sillon-e2e-\(UUID().uuidString.prefix(8))"
        try FileManager.default.createDirectory(atPath: folder + "/music", withIntermediateDirectories: true)
        // Nobody else's name may be in the way of servers that run as another user.
        chmod(folder, 0o755)
    }

    deinit {
        started.withLock { $0.forEach { $0.kill() } }
        do {
            try FileManager.default.removeItem(atPath: folder)
        } catch {
            print("the test folder stays behind: \(error)")
        }
    }

    /// Starts the program under test, or `wrapper` with it as its last arguments.
    package func start(
        _ arguments: [String], wrapper: [String] = [], environment: [String: String] = [:],
        program: String = SillonExecutable.path, descriptors: [Int32: Int32] = [:]
    ) throws -> SpawnedProcess {
        let number = logs.add(1, ordering: .relaxed).newValue
        let line = wrapper + [program] + arguments
        let process = try SpawnedProcess(
            line[0], Array(line.dropFirst()), environment: environment.merging(inherited) { mine, _ in mine },
            log: "\(folder)/process-\(number)", descriptors: descriptors)
        started.withLock { $0.append(process) }
        return process
    }

    /// Runs the program to its end.
    package func run(
        _ arguments: [String], wrapper: [String] = [], environment: [String: String] = [:],
        limit: Duration = .seconds(60), program: String = SillonExecutable.path
    ) async throws -> Finished {
        let process = try start(arguments, wrapper: wrapper, environment: environment, program: program)
        let exit = try await process.waitForExit(limit)
        return Finished(exit: exit, output: Lab.text(process.output), errors: Lab.text(process.errors))
    }

    package struct Finished: Sendable {
        package let exit: SpawnedProcess.Exit
        package let output: String
        package let errors: String

        package init(exit: SpawnedProcess.Exit, output: String, errors: String) {
            self.exit = exit
            self.output = output
            self.errors = errors
        }
    }

    /// The content of a text file; empty when there is none yet.
    package static func text(_ path: String) -> String {
        String(decoding: FileManager.default.contents(atPath: path) ?? Data(), as: UTF8.self)
    }

    /// All that the processes of this lab have logged.
    package var allLogs: String {
        started.withLock { $0.map { Lab.text($0.output) + Lab.text($0.errors) } }.joined()
    }

    /// What tells a process where the database of this lab is, when it is on a server.
    package var databaseVariables: [String: String] { server.map { ["SILLON_DATABASE_URL": $0.url] } ?? [:] }

    private var inherited: [String: String] {
        let mine = ProcessInfo.processInfo.environment
        var passed = mine.filter { ["PATH", "LD_LIBRARY_PATH", "TMPDIR"].contains($0.key) }
        passed["HOME"] = folder
        // This machine may have a server of its own.
        passed["SILLON_CONFIG"] = "/dev/null"
        // Tests change files and count what their own scans find; those of watching say so.
        passed["SILLON_WATCH"] = "false"
        return passed
    }
}
