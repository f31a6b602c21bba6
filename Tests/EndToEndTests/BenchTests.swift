import TestSupport
import Testing

/// What becomes of a measurement that cannot be finished.
@Suite(.timeLimit(.minutes(2)))
struct BenchTests {
    @Test("A bench whose database goes away ends with a reason")
    func lostDatabase() async throws {
        let lab = try Lab(.postgres)
        let server = try #require(lab.server)
        let bench = try lab.start(
            [
                "bench", "queue", "--tasks", "50000", "--repeats", "1", "--batch", "1", "--lanes", "1", "--database",
                server.url,
            ])
        let rows = try Rows(lab)
        try await until("tasks are drained", every: .milliseconds(50)) {
            do {
                return try await rows.count("SELECT count(*) FROM task_run") > 0
            } catch {
                return false  // there is no such table yet
            }
        }
        try server.drop()
        #expect(try await bench.waitForExit() == .code(69))
        let words = Lab.text(bench.errors)
        #expect(words.contains("the drain came to a stop") && words.contains("no such database"), "\(words)")
    }
}
