import Glibc
import Synchronization

/// A child of the tests. It is killed when nobody holds it any more, and its output goes to a file.
package final class SpawnedProcess: Sendable {
    package enum Exit: Hashable, Sendable {
        case code(Int32)
        case signal(Int32)
    }

    package struct SpawnFailed: Error, CustomStringConvertible {
        package let description: String
    }

    package let id: pid_t
    /// What it writes to standard output and standard error, as files.
    package let output: String
    package let errors: String
    /// What it has written by now.
    package var words: String { Lab.text(output) + Lab.text(errors) }
    private let ended = Mutex<Exit?>(nil)

    /// - Parameters:
    ///   - program: a path, or a name that is looked for in PATH.
    ///   - log: where `log.out` and `log.err` are made.
    ///   - descriptors: open files of ours by the numbers that the child knows them by; ours are above those.
    package init(
        _ program: String, _ arguments: [String], environment: [String: String], log: String,
        descriptors: [Int32: Int32] = [:]
    ) throws(SpawnFailed) {
        output = log + ".out"
        errors = log + ".err"
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY | O_CREAT | O_APPEND, 0o644)
        posix_spawn_file_actions_addopen(&actions, 2, errors, O_WRONLY | O_CREAT | O_APPEND, 0o644)
        for (theirs, ours) in descriptors { posix_spawn_file_actions_adddup2(&actions, ours, theirs) }
        var pid: pid_t = 0
        let variables = environment.map { "\($0.key)=\($0.value)" }
        let number = withCStrings([program] + arguments) { arguments in
            withCStrings(variables) { posix_spawnp(&pid, program, &actions, nil, arguments, $0) }
        }
        guard number == 0 else {
            throw SpawnFailed(description: "\(program) was not started: \(String(cString: strerror(number)))")
        }
        id = pid
    }

    deinit {
        kill()
    }

    /// The exit, once it has happened. Reaps the process.
    package var exit: Exit? {
        ended.withLock { ended in
            if ended == nil { ended = SpawnedProcess.reap(id, WNOHANG) }
            return ended
        }
    }

    /// Never reaches another process: the id is ours until `exit` has answered.
    package func signal(_ number: Int32) {
        ended.withLock { ended in
            if ended == nil { _ = Glibc.kill(id, number) }
        }
    }

    /// Ends it with SIGKILL and waits until it is gone.
    package func kill() {
        ended.withLock { ended in
            guard ended == nil else { return }
            _ = Glibc.kill(id, SIGKILL)
            ended = SpawnedProcess.reap(id, 0)
        }
    }

    package func waitForExit(_ limit: Duration = .seconds(60)) async throws -> Exit {
        try await until("process \(id) ends", limit) { self.exit }
    }

    private static func reap(_ id: pid_t, _ options: Int32) -> Exit? {
        var status: Int32 = 0
        guard waitpid(id, &status, options) == id else { return nil }
        let signal = status & 0x7f
        return signal == 0 ? .code((status >> 8) & 0xff) : .signal(signal)
    }
}

/// Null-terminated array of C strings, valid during the call.
private func withCStrings<Value>(
    _ strings: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Value
) -> Value {
    var pointers: [UnsafeMutablePointer<CChar>?] = strings.map { strdup($0) }
    pointers.append(nil)
    defer { pointers.forEach { free($0) } }
    return body(pointers)
}
