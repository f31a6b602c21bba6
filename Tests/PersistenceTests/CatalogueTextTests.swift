import Contracts
import Domain
import Testing
import UseCases

@testable import Persistence

/// Vectors of models that work on words: by text, side by side, and never mixed.
struct CatalogueTextTests {
    private static let model = "test:words"

    private func stores(_ bench: CatalogueBench, _ models: [String] = [model]) throws -> Stores {
        try Stores(database: bench.database, lockFolder: nil, textModels: models, clock: { 5_000_000 })
    }

    private func vectors(_ bench: CatalogueBench, in space: EmbeddingSpace) async throws -> Set<Int64> {
        let changes = try await stores(bench).textVectors.changes(in: space, after: 0, limit: 1000)
        return Set(changes.filter { $0.vector != nil }.map(\.trackID))
    }

    @Test("After the analysis there is a task for each model, beside the scan", arguments: Engine.available)
    func chain(engine: Engine) async throws {
        let bench = try await CatalogueBench(engine, textModels: [Self.model, "test:other"])
        bench.put("/music/a.flac") { $0.genres = ["Jazz"] }
        let walked = try await bench.walk()
        var tasks = walked.tasks
        for _ in 0..<2 { tasks = try await bench.apply([next(tasks[0], bench)]).flatMap(\.tasks) }
        let texts = tasks.filter { $0.payload.kind == .vectorizeText }
        #expect(texts.count == 2 && texts.allSatisfy { $0.isBesideScan })
        #expect(Set(texts.compactMap(\.dedupeKey)).count == 2)
        let result = try await bench.drain(tasks)
        #expect(result.progress.vectorized == 1, "the scan counts what it is for")
        #expect(Set(bench.texts) == ["Title: a.flac\nGenres: Jazz"])
        let spaces = try await stores(bench).textVectors.spaces()
        #expect(spaces.map(\.space.model) == ["test:other", "test:words"] && spaces.allSatisfy { $0.vectors == 1 })
        let track = try #require(try await bench.track("/music/a.flac"))
        #expect(try await vectors(bench, in: bench.space) == [track.id])
    }

    private func next(_ task: NewTask, _ bench: CatalogueBench) async throws -> (TaskPayload, Outcome, ScanScope?) {
        (task.payload, try #require(try await bench.outcome(of: task)), nil)
    }

    @Test("A second scan, a moved library and a copy compute nothing; other tags do", arguments: Engine.available)
    func cached(engine: Engine) async throws {
        let bench = try await CatalogueBench(engine, textModels: [Self.model])
        for name in ["a", "b", "c"] { bench.put("/music/\(name).flac") }
        try await bench.scan()
        #expect(bench.texts.count == 3)
        try await bench.scan()
        try await bench.scan(mode: .full)
        for name in ["a", "b", "c"] { bench.move("/music/\(name).flac", "/music/moved/\(name).flac") }
        try await bench.scan(acceptMissing: true)
        bench.copy("/music/moved/a.flac", "/music/copy.flac", device: 2)
        try await bench.scan()
        #expect(bench.texts.count == 3)
        #expect(try await vectors(bench, in: bench.space).count == 4)
        #expect(try await bench.catalogue.totals().cacheHits > 0)

        bench.put("/music/moved/a.flac", mtime: 2000, content: "content of /music/a.flac") { $0.title = "Retagged" }
        try await bench.scan()
        #expect(bench.texts.last == "Title: Retagged")
        #expect(bench.texts.count == 4)
        #expect(try await vectors(bench, in: bench.space).count == 4)
    }

    @Test("Silence has no sound to compare, but a text", arguments: Engine.available)
    func silence(engine: Engine) async throws {
        let bench = try await CatalogueBench(engine, textModels: [Self.model])
        bench.put("/music/a.flac", content: "silence")
        try await bench.scan()
        #expect(try await vectors(bench, in: bench.space).count == 1)
    }

    @Test("Another digest or dimension is another space, and both stay apart", arguments: Engine.available)
    func spaces(engine: Engine) async throws {
        let bench = try await CatalogueBench(engine, textModels: [Self.model])
        bench.put("/music/a.flac")
        try await bench.scan()
        let old = bench.space
        bench.space = EmbeddingSpace(model: Self.model, digest: "two", dimension: 3)
        bench.put("/music/b.flac")
        try await bench.scan()
        let (a, b) = (
            try #require(try await bench.track("/music/a.flac")), try #require(try await bench.track("/music/b.flac"))
        )
        #expect(try await vectors(bench, in: old) == [a.id])
        #expect(try await vectors(bench, in: bench.space) == [b.id])
        let store = try stores(bench).textVectors
        #expect(try await store.spaces().map(\.space) == [bench.space, old])
        _ = try await store.setCurrent(model: Self.model, digest: "one", dimension: nil)
        #expect(try await store.spaces().map(\.space.digest) == ["one", "two"])
        _ = try await store.setCurrent(model: Self.model, digest: "never seen", dimension: nil)
        #expect(try await store.spaces().map(\.space.digest) == ["one", "two"])
    }

    @Test("Under one digest the last vector tells which dimension counts, there and back", arguments: Engine.available)
    func dimensions(engine: Engine) async throws {
        let bench = try await CatalogueBench(engine, textModels: [Self.model])
        bench.space = EmbeddingSpace(model: Self.model, digest: "", dimension: 2)
        for name in ["a", "b"] { bench.put("/music/\(name).flac") }
        try await bench.scan()
        let store = try stores(bench).textVectors
        func missing() async throws -> Int {
            let dimension = try await store.setCurrent(model: Self.model, digest: "", dimension: nil)
            let step = try await store.queueMissing(
                model: Self.model, digest: "", dimension: dimension, after: 0, limit: 100)
            return step.last == nil ? 0 : step.queued
        }
        #expect(try await missing() == 0)
        let small = bench.space
        bench.space = EmbeddingSpace(model: Self.model, digest: "", dimension: 3)
        bench.put("/music/c.flac")
        try await bench.scan()
        #expect(try await store.spaces().first?.space == bench.space)
        #expect(try await missing() == 2)
        #expect(try await store.waitingTasks(of: Self.model, limit: 100) == 2)
        #expect(try await store.setCurrent(model: Self.model, digest: "", dimension: 2) == 2)
        #expect(try await store.spaces().first?.space == small)
        bench.put("/music/d.flac")
        try await bench.scan()
        #expect(try await store.spaces().first?.space == bench.space, "the vector of d has three numbers")
    }

    @Test("What waits because one model is away is woken, and nothing else", arguments: Engine.available)
    func wake(engine: Engine) async throws {
        let bench = try await CatalogueBench(engine)
        for number in 0..<4 { bench.put("/music/\(number).flac") }
        try await bench.scan()
        let names = ["test:words", "test_words"]
        let stores = try stores(bench, names)
        for name in names {
            _ = try await stores.textVectors.queueMissing(
                model: name, digest: "one", dimension: nil, after: 0, limit: 100)
        }
        try await stores.broker.register(
            WorkerRegistration(
                id: 1, host: "test", processID: 1, roles: [.vector], kinds: [.vectorizeText: 1], slots: [:],
                version: "test"))
        func lease() async throws -> [(lease: Lease, model: String)] {
            try await stores.broker.lease(
                LeaseRequest(worker: 1, kinds: [.vectorizeText: 1], max: 100, waitSeconds: 0)
            ).map { task in
                guard
                    case .vectorizeText(let payload) = try TaskPayload.decode(
                        kind: task.kind, version: task.version, json: task.payload)
                else { throw StoreError.fatal("another kind of task") }
                return (task.lease, payload.model)
            }
        }
        let tasks = try await lease()
        #expect(tasks.count == 8)
        let charged = try #require(tasks.first { $0.model == "test:words" }).lease
        _ = try await stores.broker.settle(
            tasks.map { task in
                let reason: Failure.Reason = task.lease == charged ? .serviceError : .serviceBlocked
                return Settlement(
                    lease: task.lease, result: .failed(Failure(reason, "not now", retryAfterSeconds: 3600)))
            }, worker: 1)
        #expect(try await lease().isEmpty)
        #expect(try await stores.textVectors.wakeTasks(of: "test:words") == 3)
        #expect(try await lease().map(\.model) == ["test:words", "test:words", "test:words"])
        #expect(try await stores.textVectors.wakeTasks(of: "test:words") == 0)
    }

    @Test("What waits for models that are not configured ends with that reason", arguments: Engine.available)
    func forsaken(engine: Engine) async throws {
        let bench = try await CatalogueBench(engine)
        for number in 0..<5 { bench.put("/music/\(number).flac") }
        try await bench.scan()
        let names = ["test:words", "test_words", "test:words:v2"]
        let stores = try stores(bench, names)
        for name in names {
            _ = try await stores.textVectors.queueMissing(
                model: name, digest: "one", dimension: nil, after: 0, limit: 100)
        }
        #expect(try await stores.textVectors.endTasks(exceptOf: names) == 0)
        #expect(try await stores.textVectors.endTasks(exceptOf: ["test:words", "test:words:v2"]) == 5)
        #expect(try await stores.textVectors.waitingTasks(of: "test_words", limit: 100) == 0)
        #expect(try await stores.textVectors.waitingTasks(of: "test:words:v2", limit: 3) == 3)
        let ended = try await stores.tasks.tasks(TaskFilter(state: .cancelled), page: PageRequest(limit: 10)).items
        #expect(ended.count == 5)
        let task = try await stores.tasks.task(id: try #require(ended.first?.id))
        #expect(task.events.contains { $0.detail.contains("not configured") })
        #expect(try await stores.textVectors.endTasks(exceptOf: []) == 10)
    }

    @Test("A vector that does not fit its space is refused with both numbers", arguments: Engine.available)
    func wrongDimension(engine: Engine) async throws {
        let bench = try await CatalogueBench(engine, textModels: [Self.model])
        bench.put("/music/a.flac")
        try await bench.scan()
        let track = try #require(try await bench.track("/music/a.flac"))
        var outcome = TextVectorCompleteOutcome(
            trackID: track.id, embedding: TextEmbedding(space: bench.space, vector: [1, 0]))
        outcome.vector = PackedFloats([1, 0, 0])
        let payload = VectorizeTextPayload(trackID: track.id, model: Self.model, text: "x")
        let wrong = outcome
        let error = await #expect(throws: StoreError.self) {
            try await bench.apply([(.vectorizeText(payload), .textVectorComplete(wrong), nil)])
        }
        #expect(error?.description.contains("has 3 numbers") == true)
        #expect(error?.description.contains("has 2") == true)
        outcome.vector = PackedFloats([1, .nan])
        let nan = outcome
        await #expect(throws: StoreError.self) {
            try await bench.apply([(.vectorizeText(payload), .textVectorComplete(nan), nil)])
        }
    }

    @Test("A model that comes later gets its tasks step by step, once each", arguments: Engine.available)
    func backfill(engine: Engine) async throws {
        let bench = try await CatalogueBench(engine)
        for number in 0..<5 { bench.put("/music/\(number).flac") }
        try await bench.scan()
        let stores = try stores(bench)
        var (queued, after): (Int, Int64?) = (0, 0)
        while let last = after {
            let step = try await stores.textVectors.queueMissing(
                model: Self.model, digest: "one", dimension: nil, after: last, limit: 2)
            (queued, after) = (queued + step.queued, step.last)
        }
        #expect(queued == 5)
        let again = try await stores.textVectors.queueMissing(
            model: Self.model, digest: "one", dimension: nil, after: 0, limit: 100)
        #expect(again.queued == 0, "they wait already")
        let waiting = try await stores.tasks.tasks(TaskFilter(kind: .vectorizeText), page: PageRequest(limit: 10)).items
        #expect(waiting.count == 5 && waiting.allSatisfy { $0.priority == .low })
        for task in waiting {
            let payload = try TaskPayload.decode(kind: task.kind, version: task.version, json: task.payload)
            try await bench.drain([NewTask(payload: payload, priority: .low)])
        }
        #expect(try await vectors(bench, in: bench.space).count == 5)
        let done = try await stores.textVectors.queueMissing(
            model: Self.model, digest: "one", dimension: nil, after: 0, limit: 100)
        #expect(done.last == nil, "nothing is missing")
        let changed = try await stores.textVectors.queueMissing(
            model: Self.model, digest: "two", dimension: nil, after: 0, limit: 100)
        #expect(changed.last != nil, "another version of the model has none")
    }

    @Test("Invalidating by pattern deletes these vectors alone, and new ones are queued", arguments: Engine.available)
    func invalidate(engine: Engine) async throws {
        let bench = try await CatalogueBench(engine, textModels: [Self.model, "test:other"])
        for number in 0..<3 { bench.put("/music/\(number).flac") }
        try await bench.scan()
        let stores = try stores(bench)
        #expect(try await stores.textVectors.invalidate(matching: NamePattern("nothing*")) == 0)
        #expect(try await stores.textVectors.invalidate(matching: NamePattern("test:words@one/*")) == 3)
        #expect(try await vectors(bench, in: bench.space).isEmpty)
        #expect(try await stores.textVectors.spaces().map(\.vectors) == [3, 0])
        #expect(try await bench.catalogue.totals().vectorized == 3)

        #expect(try await stores.textVectors.invalidate(matching: NamePattern("acoustic-v1")) == 3)
        #expect(try await bench.catalogue.totals().vectorized == 0)
        let waiting = try await stores.tasks.tasks(TaskFilter(kind: .vectorizeTrack), page: PageRequest(limit: 10))
        for task in waiting.items {
            let payload = try TaskPayload.decode(kind: task.kind, version: task.version, json: task.payload)
            try await bench.drain([NewTask(payload: payload, priority: .low)])
        }
        #expect(try await bench.catalogue.totals().vectorized == 3)
    }

    @Test("Who submits a task need not know the text, and an unknown model is refused", arguments: Engine.available)
    func completed(engine: Engine) async throws {
        let bench = try await CatalogueBench(engine, textModels: [Self.model])
        bench.put("/music/a.flac")
        try await bench.scan()
        let track = try #require(try await bench.track("/music/a.flac"))
        func complete(_ model: String, _ track: Int64) async throws -> TaskPayload {
            try await bench.database.read { [catalogue = bench.catalogue] connection in
                try catalogue.complete(
                    .vectorizeText(VectorizeTextPayload(trackID: track, model: model, text: nil)), in: connection)
            }
        }
        guard case .vectorizeText(let payload) = try await complete(Self.model, track.id) else { return }
        #expect(payload.text == "Title: a.flac")
        await #expect(throws: StoreError.self) { try await complete("test:unknown", track.id) }
        await #expect(throws: StoreError.self) { try await complete(Self.model, 999) }
    }
}
