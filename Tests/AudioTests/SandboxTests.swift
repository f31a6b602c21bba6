import Glibc
import SandboxProbe
import Testing

/// What the system call filter lets through, tried call by call. That all decoders work under it is shown by every test
/// that reads a file through a pool.
@Suite(.serialized) struct SandboxTests {
    private func attempts(inside: Bool) -> [sandbox_attempt] {
        var attempts = [sandbox_attempt](repeating: sandbox_attempt(), count: 256)
        let count = sandbox_probe_calls(inside ? 1 : 0, &attempts, Int32(attempts.count))
        return Array(attempts.prefix(max(0, Int(count))))
    }

    private func name(_ attempt: sandbox_attempt) -> String {
        withUnsafeBytes(of: attempt.name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }

    @Test("Network, programs, processes, signals, changes to files and rare calls are refused inside")
    func refusals() {
        let attempts = attempts(inside: true)
        #expect(attempts.count > 100)
        for attempt in attempts {
            #expect(
                attempt.error == EPERM || attempt.error == ENOSYS,
                "\(name(attempt)): \(String(cString: strerror(attempt.error)))")
        }
    }

    @Test("The same calls are not refused outside: it is the sandbox that refuses")
    func control() {
        let attempts = attempts(inside: false)
        #expect(attempts.count > 100)
        for attempt in attempts where attempt.is_ordinary != 0 {
            #expect(
                attempt.error != EPERM && attempt.error != ENOSYS,
                "\(name(attempt)): \(String(cString: strerror(attempt.error)))")
        }
    }

    @Test("A child may abort and have threads; calls of another architecture kill it")
    func ends() {
        #expect(sandbox_probe_end(Int32(SANDBOX_ABORT)) == SIGABRT)
        #expect(sandbox_probe_end(Int32(SANDBOX_THREAD)) == 0)
        #expect([SIGSYS, SIGSEGV].contains(sandbox_probe_end(Int32(SANDBOX_FOREIGN_CALL))))
    }
}
