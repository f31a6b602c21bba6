import Foundation
import Telemetry

/// Standard output and the terminal behind it.
enum Console {
    static var isTerminal: Bool { isatty(STDOUT_FILENO) == 1 }

    /// True when lines can be drawn over: a terminal, and none that says it is dumb (an editor's shell, say).
    static func canRedraw(_ environment: Environment) -> Bool { isTerminal && environment["TERM"] != "dumb" }

    /// Columns of the terminal on standard output, nil when it is a pipe or a file.
    static var width: Int? {
        guard isTerminal else { return nil }
        var size = winsize()
        guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return defaultWidth }
        return Int(size.ws_col)
    }

    private static let defaultWidth = 80

    /// Writes all of it at once. Throws when the reader has gone (`sillon … | head`).
    static func write(_ text: String) throws(CommandError) {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let written = rest.withUnsafeBytes { Foundation.write(STDOUT_FILENO, $0.baseAddress, $0.count) }
            if written < 0 && errno == EINTR { continue }
            guard written > 0 else {
                if written < 0 && errno == EPIPE { throw .readerGone }
                throw .failed("cannot write to standard output: \(SystemMessage.last)")
            }
            rest = rest.dropFirst(written)
        }
    }

    static func line(_ text: String) throws(CommandError) {
        try write(text + "\n")
    }

    static func table(_ table: TextTable) throws(CommandError) {
        try write(table.lines(width: width).joined(separator: "\n") + "\n")
    }

    /// A remark that is not the answer: to standard error, so that a pipe gets the answer only.
    static func note(_ text: String) {
        StandardError.write("sillon: \(ControlCharacters.escaped(text))\n")
    }
}
