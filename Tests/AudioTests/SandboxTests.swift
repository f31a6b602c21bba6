import Glibc
import SandboxProbe
import Testing

/// What the system call filter lets through, tried call by call. That all decoders work under it is shown by every test
/// that reads a file through a pool.
@Suite(.serialized) struct SandboxTests {
    private func attempts(_ place: Int) -> [sandbox_attempt] {
        var attempts = [sandbox_attempt](repeating: sandbox_attempt(), count: 256)
        let count = sandbox_probe_calls(Int32(place), &attempts, Int32(attempts.count))
        return Array(attempts.prefix(max(0, Int(count))))
    }

    private func name(_ attempt: sandbox_attempt) -> String {
        withUnsafeBytes(of: attempt.name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }

    @Test("Network, programs, processes, signals, changes to files and rare calls are refused inside")
    func refusals() {
        let attempts = attempts(Int(SANDBOX_OF_READER))
        #expect(attempts.count > 100)
        for attempt in attempts {
            #expect(
                attempt.error == EPERM || attempt.error == ENOSYS,
                "\(name(attempt)): \(String(cString: strerror(attempt.error)))")
        }
    }

    @Test("Who was handed a file may write to it and cut it, and nothing more")
    func editor() {
        let attempts = attempts(Int(SANDBOX_OF_EDITOR))
        let allowed: Set = ["pwrite64", "ftruncate"]
        #expect(Set(attempts.map(name)).isSuperset(of: allowed))
        for attempt in attempts {
            let isRefused = attempt.error == EPERM || attempt.error == ENOSYS
            #expect(isRefused != allowed.contains(name(attempt)), "\(name(attempt))")
        }
    }

    @Test("The same calls are not refused outside: it is the sandbox that refuses")
    func control() {
        let attempts = attempts(Int(SANDBOX_NONE))
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
