import Foundation
import Programs

/// PostgreSQL's own programs. Passwords reach them through the environment, which only their user can read.
struct PostgresTools: Sendable {
    let url: PostgresURL

    private static let maxWords = 2000

    /// Throws `TransferError.tool` when the program is not there, or with its last words.
    func run(_ name: String, _ arguments: [String], connects: Bool = true) throws {
        guard let program = Self.find(name) else {
            throw TransferError.tool("\(name) is not installed (Debian: apt install postgresql-client)")
        }
        var tool = Program(program, arguments + (connects ? ["--no-password", "--dbname=\(connection)"] : []))
        tool.variables = secrets
        let end: Program.End
        do throws(Program.NotStarted) {
            end = try tool.run()
        } catch {
            throw TransferError.tool(error.description)
        }
        guard end.status == 0 else {
            let text = url.withoutPassword(end.words)
            throw TransferError.tool(
                "\(name) failed: \(text.suffix(Self.maxWords).split(separator: "\n").joined(separator: "; "))")
        }
    }

    /// libpq's keywords without what is secret: other users can read a command line.
    var connection: String {
        url.parameters.filter { !Self.secretKeys.contains($0.key) }.sorted { $0.key < $1.key }
            .map { key, value in
                "\(key)='\(value.replacing("\\", with: "\\\\").replacing("'", with: "\\'"))'"
            }.joined(separator: " ")
    }

    private static let secretKeys: Set<String> = ["password", "sslpassword"]

    private var secrets: [String: String] {
        url.password.map { ["PGPASSWORD": $0] } ?? [:]
    }

    /// On the PATH, else where Debian keeps the newest.
    private static func find(_ name: String) -> String? {
        let path = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map(String.init)
        let base = "/usr/lib/postgresql"
        // No such folder: no such programs.
        let versions = (try? FileManager.default.contentsOfDirectory(atPath: base)) ?? []  // see above
        let newestFirst = versions.sorted { $0.compare($1, options: .numeric) == .orderedDescending }
        return (path + newestFirst.map { "\(base)/\($0)/bin" }).map { "\($0)/\(name)" }
            .first { access($0, X_OK) == 0 }
    }
}
