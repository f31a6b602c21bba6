import ArgumentParser
import Foundation
import Glibc

/// Where a command takes a password from: never from its arguments, which others can see.
struct PasswordSource: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The file whose first line is the password; - is standard input.", valueName: "file"))
    var passwordFile: String?

    /// Nil when no file is named. Throws `CommandError`.
    func read() throws -> String? {
        switch passwordFile {
        case nil: return nil
        case "-": return try Self.ask()
        case .some(let path):
            guard let data = FileManager.default.contents(atPath: Environment.ofProcess().absolute(path)) else {
                throw CommandError.misconfigured("\(path) cannot be read")
            }
            return try Self.firstLine(of: String(decoding: data.prefix(Self.maxFileBytes), as: UTF8.self), from: path)
        }
    }

    private static let maxFileBytes = 4096

    /// One line of standard input; at a terminal it is asked for, and not shown.
    static func ask() throws -> String {
        guard isatty(STDIN_FILENO) == 1 else {
            return try firstLine(of: readLine() ?? "", from: "standard input")
        }
        var shown = termios()
        guard tcgetattr(STDIN_FILENO, &shown) == 0 else {
            throw CommandError.failed("cannot hide what is typed: \(SystemMessage.last)")
        }
        var hidden = shown
        hidden.c_lflag &= ~tcflag_t(ECHO)
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden)
        defer { tcsetattr(STDIN_FILENO, TCSAFLUSH, &shown) }
        Console.note("the password, please (it is not shown)")
        return try firstLine(of: readLine() ?? "", from: "the terminal")
    }

    private static func firstLine(of text: String, from source: String) throws -> String {
        let line = String(text.prefix { !$0.isNewline })
        guard !line.isEmpty else { throw CommandError.misconfigured("there is no password in \(source)") }
        return line
    }
}
