import CPrograms
import Foundation
import Glibc

/// Another program, to be run to its end.
///
/// Not with Foundation's Process: among very many open files it reads beyond the end of their list, and crashes.
package struct Program: Sendable {
    /// A path, or a name that is looked for in PATH.
    package let name: String
    package let arguments: [String]
    /// Beside those of this process.
    package var variables: [String: String] = [:]
    /// What it writes to standard output is heard, too, and not thrown away.
    package var isOutputHeard = false

    package struct End: Sendable {
        /// As a shell has it: 128 and the signal for a program that a signal ended.
        package let status: Int32
        /// What it wrote to standard error, and perhaps to standard output.
        package let words: String
    }

    package struct NotStarted: Error, CustomStringConvertible {
        package let description: String
    }

    package init(_ name: String, _ arguments: [String]) {
        self.name = name
        self.arguments = arguments
    }

    /// Holds no thread of the cooperative pool meanwhile.
    package func finish() async throws -> End {
        try await withCheckedThrowingContinuation { continuation in
            DispatchQueue.global().async { continuation.resume(with: Result { try run() }) }
        }
    }

    /// Blocks its thread.
    package func run() throws(NotStarted) -> End {
        var ends: [Int32] = [-1, -1]
        // Closed in children that others start meanwhile, which a pipe cannot be from its first moment.
        guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0, &ends) == 0 else {
            throw failure(errno)
        }
        defer { close(ends[0]) }
        let id: pid_t
        do {
            defer { close(ends[1]) }
            id = try start(writingTo: ends[1])
        }
        let words = String(decoding: Self.readToEnd(ends[0]), as: UTF8.self)
        var status: Int32 = 0
        while waitpid(id, &status, 0) < 0, errno == EINTR {}
        let signal = status & 0x7f
        return End(status: signal == 0 ? (status >> 8) & 0xff : 128 + signal, words: words)
    }

    private func start(writingTo channel: Int32) throws(NotStarted) -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        if isOutputHeard {
            posix_spawn_file_actions_adddup2(&actions, channel, 1)
        } else {
            posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0)
        }
        posix_spawn_file_actions_adddup2(&actions, channel, 2)
        // Nothing else goes along: a socket that a library opened would stay open as long as the program lives.
        sillon_spawn_close_from(&actions, 3)
        let environment = ProcessInfo.processInfo.environment.merging(variables) { $1 }.map {
            strdup("\($0.key)=\($0.value)")
        }
        let words = ([name] + arguments).map { strdup($0) }
        defer { (environment + words).forEach { free($0) } }
        var id: pid_t = 0
        let number = posix_spawnp(&id, name, &actions, nil, words + [nil], environment + [nil])
        guard number == 0 else { throw failure(number) }
        return id
    }

    private func failure(_ number: Int32) -> NotStarted {
        NotStarted(description: "\(name) cannot be started: \(String(cString: strerror(number)))")
    }

    private static func readToEnd(_ descriptor: Int32) -> [UInt8] {
        var all: [UInt8] = []
        var some = [UInt8](repeating: 0, count: 65536)
        while true {
            let count = read(descriptor, &some, some.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return all }
            all += some[..<count]
        }
    }
}
