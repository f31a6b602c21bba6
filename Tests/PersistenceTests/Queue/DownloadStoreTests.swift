import Contracts
import Domain
import Testing
import UseCases

@testable import Persistence

/// Downloads in the database: begun with their task, written down step by step, ended with it.
struct DownloadStoreTests {
    private static let question = DownloadQuestion(artist: "A", title: "T", durationMs: 1000)

    private func stores(_ engine: Engine) async throws -> Stores {
        try Stores(database: try await engine.open(), lockFolder: nil, clock: { 5_000_000 })
    }

    @Test(
        "A download is begun with its task, once for a key, and found again newest first", arguments: Engine.available)
    func begun(engine: Engine) async throws {
        let stores = try await stores(engine)
        let first = try await stores.downloads.begin(Self.question, .lossless, idempotencyKey: "k")
        #expect(try await stores.downloads.begin(Self.question, .lossless, idempotencyKey: "k").id == first.id)
        let second = try await stores.downloads.begin(
            DownloadQuestion(artist: "", title: "U"), .any, idempotencyKey: nil)
        let task = try await stores.tasks.task(id: try #require(first.taskID)).task
        #expect(task.kind == .downloadTrack && task.priority == .high && task.state == .ready)
        #expect(first.state == .waiting && first.plan == DownloadPlan() && first.preference == .lossless)
        let page = try await stores.downloads.downloads(PageRequest(limit: 1))
        let rest = try await stores.downloads.downloads(PageRequest(cursor: page.nextCursor, limit: 5))
        #expect(Set((page.items + rest.items).map(\.id)) == [first.id, second.id] && rest.nextCursor == nil)
        await #expect(throws: StoreError.self) { try await stores.downloads.download(id: "nobody") }
        await #expect(throws: StoreError.self) { try await stores.downloads.downloads(PageRequest(cursor: "x")) }
    }

    @Test("What a handler notes is what the next one finds", arguments: Engine.available)
    func journal(engine: Engine) async throws {
        let stores = try await stores(engine)
        let id = try await stores.downloads.begin(Self.question, .any, idempotencyKey: nil).id
        var plan = DownloadPlan()
        plan.take([DownloadOffer(peer: "p", fileName: "x\\y.flac", sizeBytes: 9, score: 0.5)], preferring: .any)
        plan.ticket = DownloadTicket(peer: "p", id: "1", fileName: "x\\y.flac")
        plan.target = FilePath("/music/y.flac")
        try await stores.downloads.note(
            DownloadNote(state: .downloading, plan: plan, receivedBytes: 4, sizeBytes: 9, message: "m"), of: id)
        #expect(try await stores.downloads.plan(of: id) == plan)
        let record = try await stores.downloads.download(id: id)
        #expect(record.state == .downloading && record.receivedBytes == 4 && record.sizeBytes == 9)
        #expect(record.message == "m")
    }

    @Test("One that was cancelled stays so, and its handler hears of it", arguments: Engine.available)
    func cancelled(engine: Engine) async throws {
        let stores = try await stores(engine)
        let record = try await stores.downloads.begin(Self.question, .any, idempotencyKey: nil)
        #expect(try await stores.downloads.cancelDownload(id: record.id, actor: "me").state == .cancelled)
        #expect(try await stores.downloads.cancelDownload(id: record.id, actor: "me").state == .cancelled)
        let task = try await stores.tasks.task(id: try #require(record.taskID)).task
        #expect(task.state == .cancelled)
        await #expect(throws: CancellationError.self) { try await stores.downloads.plan(of: record.id) }
        await #expect(throws: CancellationError.self) {
            try await stores.downloads.note(DownloadNote(state: .searching, plan: DownloadPlan()), of: record.id)
        }
        #expect(try await stores.downloads.download(id: record.id).state == .cancelled)
        let other = try await stores.downloads.begin(Self.question, .lossless, idempotencyKey: nil)
        _ = try await stores.tasks.cancel(id: try #require(other.taskID), actor: "me")
        #expect(try await stores.downloads.download(id: other.id).state == .cancelled, "with its task")
    }

    @Test(
        "The end of its task ends the download: the file is indexed next, or the reason stays",
        arguments: Engine.available)
    func ended(engine: Engine) async throws {
        let stores = try await stores(engine)
        let (good, bad) = (
            try await stores.downloads.begin(Self.question, .any, idempotencyKey: nil),
            try await stores.downloads.begin(Self.question, .any, idempotencyKey: nil)
        )
        let outcome = DownloadCompleteOutcome(
            downloadID: good.id, filePath: FilePath("/music/a.flac"), rootPath: FilePath("/music"), sizeBytes: 9)
        let catalogue = stores.catalogue
        let tasks = try await catalogue.database.write { connection in
            let payload = TaskPayload.downloadTrack(DownloadTrackPayload(downloadID: good.id, question: Self.question))
            let completion = Completion(
                taskID: 1, payload: payload, outcome: .downloadComplete(outcome), priority: .high, scope: nil)
            let failed = TaskPayload.downloadTrack(DownloadTrackPayload(downloadID: bad.id, question: Self.question))
            try catalogue.recordDeath(
                of: failed, failure: Failure(.serviceRefused, "nobody shares it"), now: 7, in: connection)
            return try catalogue.apply([completion], now: 7, in: connection).flatMap(\.tasks)
        }
        guard case .indexFile(let file)? = tasks.first?.payload, tasks.count == 1 else {
            Issue.record("the file is not indexed: \(tasks)")
            return
        }
        #expect(file.filePath == outcome.filePath && file.rootPath == outcome.rootPath && tasks[0].priority == .high)
        let done = try await stores.downloads.download(id: good.id)
        #expect(done.state == .done && done.path == outcome.filePath && done.receivedBytes == 9)
        let failed = try await stores.downloads.download(id: bad.id)
        #expect(failed.state == .failed && failed.message == "nobody shares it")
        await #expect(throws: StoreError.self) { try await stores.downloads.cancelDownload(id: good.id, actor: "me") }
    }
}
