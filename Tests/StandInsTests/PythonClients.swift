import Foundation
import Programs

@testable import StandIns

/// The clients from PyPI, in an environment of their own that is made once and kept in a cache folder.
enum PythonClients {
    struct Unavailable: Error, CustomStringConvertible {
        let description: String
    }

    static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../StandIns/check")
        .standardizedFileURL

    /// The interpreter that has them.
    static func python() async throws -> String {
        let requirements = folder.appending(path: "requirements.txt")
        let wanted = try String(contentsOf: requirements, encoding: .utf8)
        let environment = cache.appending(path: "stand-in-clients-\(Digest.md5(wanted).prefix(8))")
        let (python, done) = (environment.appending(path: "bin/python"), environment.appending(path: "installed"))
        if FileManager.default.fileExists(atPath: done.path) { return python.path }
        try FileManager.default.createDirectory(at: cache, withIntermediateDirectories: true)
        try await run(
            debianPython, ["-m", "venv", "--clear", environment.path],
            orSay: "Python cannot make environments: install the Debian package python3-venv")
        try await run(
            python.path, ["-m", "pip", "-q", "--disable-pip-version-check", "install", "-r", requirements.path],
            orSay: "the clients could not be installed: is PyPI out of reach? Without them nothing proves the stand-ins"
        )
        try Data().write(to: done)
        return python.path
    }

    private static var cache: URL {
        let variables = ProcessInfo.processInfo.environment
        let base = variables["XDG_CACHE_HOME"] ?? variables["HOME"].map { $0 + "/.cache" } ?? NSTemporaryDirectory()
        return URL(filePath: base).appending(path: "sillon-test")
    }

    private static let debianPython =
        FileManager.default.isExecutableFile(atPath: "/usr/bin/python3") ? "/usr/bin/python3" : "python3"

    private static func run(_ program: String, _ arguments: [String], orSay words: String) async throws {
        var program = Program(program, arguments)
        program.isOutputHeard = true
        let end = try await program.finish()
        guard end.status == 0 else { throw Unavailable(description: "\(words) (\(end.words))") }
    }
}
