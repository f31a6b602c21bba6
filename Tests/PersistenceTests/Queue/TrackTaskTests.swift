import Contracts
import Domain
import Testing
import UseCases

@testable import Persistence

@Suite("The task that a track waits for")
struct TrackTaskTests {
    @Test("It is found while it waits, while it runs, and among the dead letters", arguments: Engine.available)
    func found(engine: Engine) async throws {
        let bench = try await QueueBench(engine)
        try await bench.register()
        let catalogue = DatabaseCatalogue(database: bench.database)
        let facts = FileFacts(size: 1, mtimeNs: 1, inode: 1, device: 1)
        func analyze(_ id: Int64) -> NewTask {
            NewTask(
                payload: .analyzeAudio(
                    AnalyzeAudioPayload(
                        trackID: id, filePath: FilePath("/music/\(id)"), rootPath: FilePath("/music"), scanID: nil,
                        until: nil, size: 1, mtimeNs: 1)),
                priority: .normal, dedupeKey: DedupeKey.analyze(trackID: id, facts: facts))
        }
        let one = try await bench.tasks.submit(analyze(1), idempotencyKey: nil)
        let eleven = try await bench.tasks.submit(analyze(11), idempotencyKey: nil)
        #expect(try await catalogue.task(ofTrack: 1)?.id == one.id)
        #expect(try await catalogue.task(ofTrack: 11)?.id == eleven.id)
        #expect(try await catalogue.task(ofTrack: 2) == nil)
        #expect(try await catalogue.task(ofTrack: 1)?.state == .ready)
        let leased = try await bench.lease(1)
        #expect(try await catalogue.task(ofTrack: 1)?.state == .running)
        _ = try await bench.settle(leased, .failed(Failure(.corruptFile, "broken")))
        let dead = try await catalogue.task(ofTrack: 1)
        #expect(dead?.id == one.id && dead?.state == .dead && dead?.lastFailure?.message == "broken")
    }
}
