import Foundation
import Glibc

/// Programs that the tests need. A missing one fails the test: a test that is passed over proves nothing.
///
/// Not with Foundation's Process: among very many open files it reads beyond the end of their list, and crashes.
package enum Tool {
    package struct Failed: Error, CustomStringConvertible {
        package let description: String
    }

    /// Answers what it wrote to standard output and standard error.
    @discardableResult
    package static func run(_ program: String, _ arguments: [String]) throws -> String {
        var ends: [Int32] = [-1, -1]
        // Closed in children that others start meanwhile, which a pipe cannot be from its first moment.
        guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0, &ends) == 0 else {
            throw Failed(description: "nothing can be read from \(program)")
        }
        defer { close(ends[0]) }
        let started = start([program] + arguments, output: ends[1])
        close(ends[1])
        guard let id = started else { throw Failed(description: "\(program) cannot be started") }
        let text = String(decoding: readToEnd(ends[0]), as: UTF8.self)
        var status: Int32 = 0
        while waitpid(id, &status, 0) < 0, errno == EINTR {}
        guard status == 0 else { throw Failed(description: "\(program) ended with status \(status): \(text)") }
        return text
    }

    private static func start(_ words: [String], output: Int32) -> pid_t? {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, output, 1)
        posix_spawn_file_actions_adddup2(&actions, output, 2)
        let variables = ProcessInfo.processInfo.environment.map { strdup("\($0.key)=\($0.value)") }
        let copies = words.map { strdup($0) }
        defer { (variables + copies).forEach { free($0) } }
        var id: pid_t = 0
        return posix_spawnp(&id, words[0], &actions, nil, copies + [nil], variables + [nil]) == 0 ? id : nil
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
