import Foundation
import Glibc
import Programs
import Testing

@Suite struct ProgramTests {
    @Test("What a program says and how it ends")
    func ends() async throws {
        var program = Program("sh", ["-c", "echo said; echo $MOOD >&2; exit 3"])
        program.variables = ["MOOD": "fair"]
        program.isOutputHeard = true
        let end = try await program.finish()
        #expect(end.status == 3 && end.words == "said\nfair\n")
        #expect(try await Program("sh", ["-c", "echo unheard; kill -9 $$"]).finish().status == 137)
        #expect(try await Program("sh", ["-c", "echo unheard"]).finish().words.isEmpty)
        await #expect(throws: Program.NotStarted.self) { try await Program("/nowhere/at/all", []).finish() }
    }

    @Test("A program gets nothing but its three channels, whatever else is open and not marked")
    func descriptors() async throws {
        let socket = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        let high = fcntl(socket, F_DUPFD, 150)
        try #require(socket >= 0 && high >= 150)
        defer {
            close(socket)
            close(high)
        }
        let look = "test ! -e /proc/self/fd/\(high) && test -e /proc/self/fd/2"
        #expect(try await Program("sh", ["-c", look]).finish().status == 0)
    }

    @Test("A program runs among thousands of open files")
    func manyFiles() async throws {
        var limit = rlimit()
        try #require(getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0)
        limit.rlim_cur = max(limit.rlim_cur, min(limit.rlim_max, 8192))
        try #require(setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0)
        let copies = (0..<3000).map { _ in fcntl(0, F_DUPFD_CLOEXEC, 0) }
        defer { copies.forEach { close($0) } }
        try #require(copies.allSatisfy { $0 >= 0 }, "the descriptors are not to be had")
        #expect(try await Program("true", []).finish().status == 0)
    }
}
