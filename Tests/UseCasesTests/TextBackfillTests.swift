import Domain
import Logging
import Synchronization
import Testing
import UseCases

@Suite struct TextBackfillTests {
    private let model = WordModel()

    private func backfill(_ shelf: TextShelf) -> TextBackfill {
        TextBackfill(
            models: [model], store: shelf,
            logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }))
    }

    @Test("Every track is looked at once, step by step, and again only when the model is another")
    func passes() async throws {
        let shelf = TextShelf(tracks: 450)
        let backfill = backfill(shelf)
        await backfill.look()
        #expect(shelf.asked == [0, 200, 400, 450].map { "test:words one \($0)" })
        await backfill.look()
        #expect(shelf.asked.count == 4)
        model.state.withLock { $0.digest = "two" }
        await backfill.look()
        #expect(shelf.asked.suffix(4) == [0, 200, 400, 450].map { "test:words two \($0)" })
        #expect(shelf.current == ["test:words one", "test:words two"])
    }

    @Test("After many looks it goes through all tracks once more")
    func again() async throws {
        let shelf = TextShelf(tracks: 1)
        let backfill = backfill(shelf)
        for _ in 0..<240 { await backfill.look() }
        #expect(shelf.asked.count == 2)
        await backfill.look()
        #expect(shelf.asked.count == 4)
    }

    @Test("It stops while much waits in the queue, and goes on where it was")
    func room() async throws {
        let shelf = TextShelf(tracks: 300)
        let backfill = backfill(shelf)
        shelf.setWaiting(2000)
        await backfill.look()
        #expect(shelf.asked.isEmpty)
        shelf.setWaiting(0)
        await backfill.look()
        #expect(shelf.asked.first == "test:words one 0" && shelf.asked.last == "test:words one 300")
    }

    @Test("A service that is away or left alone is not asked for tracks")
    func away() async throws {
        let shelf = TextShelf(tracks: 1)
        let backfill = backfill(shelf)
        model.state.withLock { $0.failure = Failure(.serviceUnavailable, "away") }
        await backfill.look()
        model.state.withLock { ($0.failure, $0.pauseSeconds) = (nil, 5) }
        await backfill.look()
        #expect(shelf.asked.isEmpty)
        model.state.withLock { $0.pauseSeconds = 0 }
        await backfill.look()
        #expect(!shelf.asked.isEmpty)
    }

    @Test("What waits for a model is woken once each time that it is well again, and not by a look that proves nothing")
    func wake() async throws {
        let shelf = TextShelf(tracks: 1)
        let backfill = backfill(shelf)
        for _ in 0..<3 { await backfill.look() }
        #expect(shelf.woken.count == 1, "at the start: nobody knows what was before")
        for change in [
            { ($0.failure, $0.health) = (Failure(.serviceUnavailable, "away"), .away) },
            { ($0.failure, $0.pauseSeconds) = (nil, 5) },
            { $0.pauseSeconds = 0 },
        ] as [@Sendable (inout WordModel.State) -> Void] {
            model.state.withLock { change(&$0) }
            await backfill.look()
        }
        #expect(shelf.woken.count == 1, "it answers looks, and its work still fails")
        model.state.withLock { $0.health = .ready }
        for _ in 0..<3 { await backfill.look() }
        #expect(shelf.woken == ["test:words", "test:words"])
    }

    @Test("After vectors were deleted it begins anew, and caches have let go before and after")
    func restart() async throws {
        let shelf = TextShelf(tracks: 1)
        let backfill = backfill(shelf)
        await backfill.look()
        let desk = TextModels(models: [model], store: shelf, backfill: backfill)
        #expect(try await desk.invalidate(matching: NamePattern("test:*")) == Invalidation(deleted: 7, forgotten: 2))
        #expect(model.state.withLock { $0.forgotten } == ["test:*", "test:*"])
        await backfill.look()
        #expect(shelf.asked.count == 4)
    }

    @Test("Also when deleting broke off in the middle it begins anew")
    func brokenOff() async throws {
        let shelf = TextShelf(tracks: 1)
        let backfill = backfill(shelf)
        await backfill.look()
        shelf.refuseInvalidation()
        let desk = TextModels(models: [model], store: shelf, backfill: backfill)
        await #expect(throws: StoreError.self) { try await desk.invalidate(matching: NamePattern("test:*")) }
        await backfill.look()
        #expect(shelf.asked.count == 4)
    }

    @Test("A model whose vectors have another length is another model, also under the same digest")
    func dimension() async throws {
        let shelf = TextShelf(tracks: 1)
        let backfill = backfill(shelf)
        await backfill.look()
        shelf.setDimension(64)
        await backfill.look()
        #expect(shelf.asked.count == 2, "the first vector tells nothing new")
        shelf.setDimension(128)
        await backfill.look()
        #expect(shelf.asked.count == 4)
    }

    @Test("What waits for models that are not configured any more is ended, once at the start and then now and then")
    func forsaken() async throws {
        let shelf = TextShelf(tracks: 1)
        let backfill = backfill(shelf)
        for _ in 0..<240 { await backfill.look() }
        #expect(shelf.kept == [["test:words"]])
        await backfill.look()
        #expect(shelf.kept == [["test:words"], ["test:words"]])
    }
}
