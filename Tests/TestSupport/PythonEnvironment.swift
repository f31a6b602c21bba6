import Foundation
import Programs

/// Packages of PyPI, in an environment of their own that is made once and kept in a cache folder. One that cannot be
/// had fails the test: a test that is passed over proves nothing.
package enum PythonEnvironment {
    package struct Unavailable: Error, CustomStringConvertible {
        package let description: String
    }

    /// The interpreter that has them.
    ///
    /// - Parameters:
    ///   - requirements: every version in it is pinned.
    ///   - use: what nothing proves without them.
    package static func python(_ requirements: URL, name: String, use: String) async throws -> String {
        let wanted = try String(contentsOf: requirements, encoding: .utf8)
        let environment = cache.appending(path: "\(name)-\(digest(wanted))")
        let (python, done) = (environment.appending(path: "bin/python"), environment.appending(path: "installed"))
        if FileManager.default.fileExists(atPath: done.path) { return python.path }
        try FileManager.default.createDirectory(at: cache, withIntermediateDirectories: true)
        try await run(
            debianPython, ["-m", "venv", "--clear", environment.path],
            orSay: "Python cannot make environments: install the Debian package python3-venv")
        try await run(
            python.path, ["-m", "pip", "-q", "--disable-pip-version-check", "install", "-r", requirements.path],
            orSay: "packages could not be installed: is PyPI out of reach? Without them nothing proves \(use)")
        try Data().write(to: done)
        return python.path
    }

    /// FNV-1a, 64 bits: tells versions of a short list apart.
    private static func digest(_ text: String) -> String {
        String(text.utf8.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }, radix: 16)
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
