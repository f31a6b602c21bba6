import Synchronization
import Testing
import UseCases

@testable import Persistence

@Suite struct PostgresPoolTests {
    @Test("Closing waits for the transaction that runs")
    func closing() async throws {
        let database = PostgresDatabase(try #require(TestCluster.shared).url)
        let hasEnded = Mutex(false)
        let (starts, announce) = AsyncStream.makeStream(of: Void.self)
        async let running: Void = database.read { connection in
            announce.yield()
            try connection.forEach("SELECT pg_sleep(0.3)") { _ in }
            hasEnded.withLock { $0 = true }
        }
        var iterator = starts.makeAsyncIterator()
        await iterator.next()
        database.close()
        #expect(hasEnded.withLock { $0 })
        try await running
        await #expect(throws: StoreError.self) { try await database.read { _ in } }
    }
}
