import Contracts
import Domain
import Testing
import UseCases

@testable import Persistence

/// The same input on every engine gives the same catalogue, the same answers and the same errors.
@Suite struct EnginesAgreeTests {
    /// Longer than an entry of PostgreSQL's indexes (2,704 bytes), and not to be compressed.
    private static let long: String = {
        var random = SplitMix64(seed: 1)
        return String(
            (0..<4000).map { _ in "abcdefghijklmnopqrstuvwxyz0123456789".randomElement(using: &random) ?? "a" })
    }()

    @Test("Tags and paths that one of the engines refuses give the same catalogue on all")
    func hostileLibrary() async throws {
        var dumps: [[String]] = []
        for engine in Engine.available { dumps.append(try await Self.dump(engine)) }
        for dump in dumps.dropFirst() {
            #expect(Set(dump).symmetricDifference(dumps[0]).sorted() == [])
            #expect(dump.count == dumps[0].count)
        }
        #expect(dumps[0].count > 100)
    }

    private static func dump(_ engine: Engine) async throws -> [String] {
        let bench = try await CatalogueBench(engine)
        let texts = CatalogueHostileTests.texts + [long, long + "\u{0}", "\u{0}\u{0}", "\u{FFFD}", "ﬃ ŉ ΐ İ ß ﷺ"]
        for (number, text) in texts.enumerated() {
            bench.put("/music/\(number % 3)/\(number).flac", cover: CatalogueOrderTests.cover(number % 2)) { metadata in
                (metadata.title, metadata.album, metadata.artistCredit) = (text, text, text)
                (metadata.artists, metadata.albumArtists, metadata.genres) = ([text, "Somebody"], [text], [text])
                (metadata.date, metadata.extra) = (text, ["artistsort": [text, text], text: [text]])
                (metadata.trackNumber, metadata.discNumber) = (Int.max, Int.min)
            }
        }
        let deep = "/music/" + (0..<16).map { "\($0)" + long.prefix(230) }.joined(separator: "/")
        bench.put(deep + "/a.flac") { $0.title = "Deep" }
        bench.put("/music/" + String(long.prefix(255)))
        try await bench.scan()
        bench.move(deep + "/a.flac", deep + "/b.flac")
        bench.put("/music/0/0.flac", mtime: 2000)
        let result = try await bench.scan()
        #expect(result.progress.moved == 1)
        return try await CatalogueDump.lines(of: bench.database).filter { !$0.hasPrefix("search:") }
    }

    @Test("A search finds the same tracks on every engine")
    func search() async throws {
        let names = [
            "Björk", "BJO\u{308}RK", "Ｂjörk", "Ярило", "Łódź", "Straße", "İstanbul", "東京事変", "naïve café", "AC/DC",
        ]
        let asked =
            names + ["bjork", "яри", "lodz", "łódz", "strasse", "istanbul", "東京", "cafe nai", "ac", "dc ac", "x"]
        var answers: [[String]] = []
        for engine in Engine.available {
            let bench = try await CatalogueBench(engine)
            for (number, name) in names.enumerated() {
                bench.put("/music/\(number).flac") {
                    ($0.title, $0.artists) = (name, [names[(number + 1) % names.count]])
                }
            }
            try await bench.scan(until: .index)
            var found: [String] = []
            for text in asked {
                let titles = try await bench.catalogue.search(text, limit: 50).map { $0.path.display }.sorted()
                found.append("\(text): \(titles.joined(separator: " "))")
            }
            answers.append(found)
        }
        for answer in answers.dropFirst() { #expect(answer == answers[0]) }
    }

    @Test("NUL in a text becomes U+FFFD wherever it goes in", arguments: Engine.available)
    func nul(engine: Engine) async throws {
        let bench = try await QueueBench(engine)
        let (token, _) = try await bench.stores.tokens.createToken(name: "a\u{0}b", role: .user, expiresAt: nil)
        let kept = try await bench.stores.tokens.tokens().first { $0.id == token.id }
        #expect(kept?.name == "a\u{FFFD}b")
        let id = try await bench.submitNoop(key: "k\u{0}")
        #expect(try await bench.submitNoop(key: "k\u{0}") == id)
        try await bench.register()
        _ = try await bench.settle(bench.lease(), .failed(Failure(.corruptFile, "bad\u{0}bytes")))
        #expect(try await bench.tasks.task(id: id).task.lastFailure?.message == "bad\u{FFFD}bytes")
    }

    @Test("Runs and events of a task come in the order in which they happened", arguments: Engine.available)
    func order(engine: Engine) async throws {
        let bench = try await QueueBench(engine)
        try await bench.register()
        let id = try await bench.submitNoop(key: "k")
        for _ in 0..<2 {
            _ = try await bench.settle(bench.lease(), .failed(Failure(.ioError, "no luck")))
            bench.time.advance(seconds: 7200)
            try await bench.beat()
        }
        _ = try await bench.settle(bench.lease(), .failed(Failure(.corruptFile, "broken")))
        _ = try await bench.tasks.retry(id: id, actor: "one")
        _ = try await bench.tasks.cancel(id: id, actor: "two")
        let (task, runs, events) = try await bench.tasks.task(id: id)
        #expect(task.state == .cancelled)
        #expect(runs.map(\.run) == runs.map(\.run).sorted() && runs.count == 3)
        #expect(runs.map(\.end) == [.retried, .retried, .died])
        #expect(events.map(\.type) == ["requeued", "cancelled"])
    }

    @Test("What is missing, taken or untimely is told apart", arguments: Engine.available)
    func errors(engine: Engine) async throws {
        let bench = try await QueueBench(engine)
        await #expect(throws: StoreError.notFound("there is no task 7")) { try await bench.tasks.task(id: 7) }
        await #expect(throws: StoreError.notFound("there is no task 7")) {
            try await bench.tasks.cancel(id: 7, actor: "x")
        }
        let id = try await bench.submitNoop()
        await #expect(throws: StoreError.preconditionFailed("task \(id) is ready, not dead")) {
            try await bench.tasks.retry(id: id, actor: "x")
        }
        try await bench.scans.addLibraryRoot(FilePath("/music"))
        await #expect(throws: StoreError.conflict("/music/a overlaps the library root /music")) {
            try await bench.scans.addLibraryRoot(FilePath("/music/a"))
        }
        await #expect(throws: StoreError.self) { try await bench.lease(99) }
    }
}
