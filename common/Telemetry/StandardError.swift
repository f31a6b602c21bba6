import Foundation

/// Standard error as a log sink.
package enum StandardError {
    package static func write(_ line: String) { LineSink.write(line, to: STDERR_FILENO) }

    package static var isTerminal: Bool { isatty(STDERR_FILENO) == 1 }
}

/// Standard output as a log sink.
package enum StandardOutput {
    package static func write(_ line: String) { LineSink.write(line, to: STDOUT_FILENO) }
}

private enum LineSink {
    /// Writes the line in one call where the kernel lets it, so that lines of several processes do not mix. A line
    /// that cannot be written is lost: there is nowhere left to complain.
    static func write(_ line: String, to descriptor: Int32) {
        var rest = Array(line.utf8)[...]
        while !rest.isEmpty {
            let written = rest.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
            if written < 0 && errno == EINTR { continue }
            guard written > 0 else { return }
            rest = rest.dropFirst(written)
        }
    }
}
