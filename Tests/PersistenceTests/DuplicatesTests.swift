import Contracts
import Domain
import Logging
import Similarity
import TestSupport
import Testing
import UseCases

@testable import Persistence

/// What is found as the same recording, by a real watch on a real database, over made-up sounds.
@Suite("Duplicates")
struct DuplicatesTests {
    private struct Library {
        let bench: CatalogueBench
        let similar: SimilarTracks
        let store: DatabaseDuplicates
        let watch: DuplicateWatch

        init(_ engine: Engine) async throws {
            bench = try await CatalogueBench(engine)
            let clock = { @Sendable in Int64(1) }
            store = try Stores(database: bench.database, lockFolder: nil, clock: clock).duplicates
            similar = SimilarTracks(catalogue: bench.catalogue, model: "acoustic-v1", dimension: 2)
            watch = Self.watch(store, similar)
        }

        static func watch(_ store: any DuplicateStore, _ similar: SimilarTracks) -> DuplicateWatch {
            DuplicateWatch(store: store, similarity: similar, logger: Logger(label: "duplicates-tests"))
        }

        /// A file of a content with these items, nil for no fingerprint.
        func put(
            _ name: String, _ items: [UInt32]?, ms: Int = 200_000, vector: [Float] = [1, 0], mtime: Int64 = 1000
        ) {
            bench.recordings[name] = (ms, items.map(FingerprintText.pack))
            bench.vectors[name] = vector
            bench.put("/music/\(name)", mtime: mtime, content: name) { $0.title = name }
        }

        /// Everything that is new is indexed and compared.
        func settle() async throws {
            try await bench.scan()
            try await compare()
        }

        func compare() async throws {
            while try await watch.step() {}
        }

        /// Names of the files of each group, and why they are in it.
        func groups() async throws -> [String] {
            let groups = try await store.groups(PageRequest()).items.map(DuplicateGroup.init)
            return groups.map { group in
                group.members.map { member in
                    let name = member.track.path.display.dropFirst("/music/".count)
                    return member.link.map { "\(name) \($0.evidence.kind.rawValue)" } ?? String(name)
                }.joined(separator: ", ")
            }.sorted()
        }

        func id(_ name: String) async throws -> Int64 {
            try #require(try await bench.track("/music/\(name)")?.id)
        }

        /// Names of what sounds like this file, each recording once.
        func similar(to name: String) async throws -> [String] {
            let question = SimilarQuestion(SimilarityTarget(plus: [.track(try await id(name))]), limit: 20)
            return try await similar.similar(question).map { String($0.track.path.display.dropFirst("/music/".count)) }
        }
    }

    private static let song = FingerprintText.items(seed: 1, seconds: 60)
    private static let take = FingerprintText.items(seed: 2, seconds: 60)

    private static func encoded(_ items: [UInt32], _ seed: UInt64) -> [UInt32] {
        FingerprintText.noisy(items, percent: 3, seed: seed)
    }

    @Test("Other encodings and cut starts are found, other takes are not", arguments: Engine.available)
    func found(engine: Engine) async throws {
        let library = try await Library(engine)
        library.put("a", Self.song)
        library.put("b", Self.encoded(Self.song, 1))
        library.put("c", Array(Self.encoded(Self.song, 2).dropFirst(24)), ms: 197_000)
        library.put("take", Self.take)
        library.put("far", Self.song, vector: [0, 1])
        try await library.settle()
        #expect(try await library.groups() == ["a, b same_fingerprint, c same_fingerprint"])
        let pairs = try await library.store.group(ofTrack: try await library.id("c")).pairs
        let cut = try #require(pairs.first { $0.one == "a" && $0.other == "c" })
        guard case .sameFingerprint(let match) = cut.evidence else { throw StoreError.fatal("no match") }
        #expect((2900...3100).contains(match.offsetMs) && match.bitErrorRate < 0.1)
        let alone = try await library.store.group(ofTrack: try await library.id("take"))
        #expect(alone.tracks.map(\.contentKey) == ["take"] && alone.pairs.isEmpty)
        await #expect(throws: StoreError.self) { try await library.store.group(ofTrack: 999) }
        let progress = try await library.store.progress()
        #expect(progress.compared == 5 && progress.withoutFingerprint == 0 && progress.waiting == 0)
        let problems = try await DatabaseAudit(database: library.bench.database).run().filter { $0.verdict == .problem }
        #expect(problems == [])
    }

    @Test("A verified twin is left out of what sounds alike, whatever its tags", arguments: Engine.available)
    func leftOut(engine: Engine) async throws {
        let library = try await Library(engine)
        library.put("a", Self.song)
        library.put("b", Self.encoded(Self.song, 1))
        library.put("guess", nil)
        library.put("take", Self.take)
        library.put("take2", Self.encoded(Self.take, 3))
        try await library.bench.scan()
        #expect(try await library.similar(to: "a").count == 4)
        try await library.compare()
        #expect(Set(try await library.similar(to: "a")) == ["guess", "take"])
        #expect(Set(try await library.similar(to: "guess")) == ["a", "take"], "a guess hides nothing")
    }

    @Test("Copies are listed before anything is compared, with their guesses after", arguments: Engine.available)
    func copies(engine: Engine) async throws {
        let library = try await Library(engine)
        library.put("a", nil)
        library.bench.copy("/music/a", "/music/copy")
        try await library.bench.scan()
        #expect(try await library.groups() == ["a, copy same_content"])
        library.put("b", nil, ms: 200_500)
        library.put("longer", nil, ms: 203_000)
        try await library.settle()
        #expect(try await library.groups() == ["a, copy same_content, b probable"])
        library.bench.recordings["a"]?.fingerprint = FingerprintText.pack(Self.song)
        library.bench.recordings["b"]?.fingerprint = FingerprintText.pack(Self.take)
        try await library.bench.hearAgain("/music/a")
        try await library.compare()
        #expect(try await library.groups() == ["a, copy same_content, b probable"], "only one of them is known")
        try await library.bench.hearAgain("/music/b")
        try await library.compare()
        #expect(try await library.groups() == ["a, copy same_content"])
        library.bench.recordings["b"]?.fingerprint = FingerprintText.pack(Self.song)
        try await library.bench.hearAgain("/music/b")
        try await library.compare()
        #expect(try await library.groups() == ["a, copy same_content, b same_fingerprint"])
    }

    @Test("What is retagged, moved, gone or replaced is in the groups as it is now", arguments: Engine.available)
    func changes(engine: Engine) async throws {
        let library = try await Library(engine)
        for (number, name) in ["a", "b", "c"].enumerated() {
            library.put(name, Self.encoded(Self.song, UInt64(number)))
        }
        try await library.settle()
        #expect(try await library.groups() == ["a, b same_fingerprint, c same_fingerprint"])

        library.bench.put("/music/a", mtime: 2000, content: "a") { $0.title = "another title" }
        library.bench.move("/music/b", "/music/elsewhere")
        try await library.bench.scan()
        let place = try await library.store.place()
        let news = try await library.store.changes(after: place, limit: 100)
        #expect(news.count == 2 && news.allSatisfy { $0.recording == nil }, "nothing is compared again")
        try await library.compare()
        #expect(try await library.groups() == ["a, elsewhere same_fingerprint, c same_fingerprint"])

        library.bench.disk.removeValue(forKey: "/music/a")
        library.put("c", Self.take, mtime: 3000)
        library.bench.recordings["new"] = library.bench.recordings["c"]
        library.bench.disk["/music/c"]?.contentKey = "new"
        try await library.settle()
        #expect(try await library.groups() == [], "one is gone, one is other music")
        library.put("a", Self.encoded(Self.song, 0))
        try await library.settle()
        #expect(try await library.groups() == ["a, elsewhere same_fingerprint"])
    }

    @Test("A track of which nothing was heard yet has no answer", arguments: Engine.available)
    func notHeard(engine: Engine) async throws {
        let library = try await Library(engine)
        library.put("a", nil)
        try await library.bench.drain(try await library.bench.walk(until: .index).tasks)
        try await library.compare()
        let finder = Duplicates(store: library.store, catalogue: library.bench.catalogue)
        let id = try await library.id("a")
        await #expect(throws: SimilarityProblem.self) { try await finder.group(ofTrack: id) }
        #expect(try await finder.groups(PageRequest()).page.items.isEmpty)
        try await library.settle()
        try await library.bench.hearAgain("/music/a")
        #expect(try await finder.group(ofTrack: id).members.map(\.isBest) == [true])
    }

    @Test("A watch goes on where another was, and of two at once one is heard", arguments: Engine.available)
    func restart(engine: Engine) async throws {
        let library = try await Library(engine)
        for number in 0..<40 {
            let x = Float(number / 2) / 20
            library.put(
                "\(number)", FingerprintText.items(seed: UInt64(number / 2), seconds: 30),
                vector: [x, (1 - x * x).squareRoot()])
        }
        try await library.bench.scan()
        #expect(try await library.watch.step())
        let place = try await library.store.place()
        #expect(place == 32)
        #expect(try await library.store.settle(DuplicateStep(from: 0, to: 39)) == false)
        #expect(try await library.store.place() == place)
        let other = Library.watch(
            library.store, SimilarTracks(catalogue: library.bench.catalogue, model: "acoustic-v1", dimension: 2))
        while try await other.step() {}
        #expect(try await library.store.progress().compared == 40)
        #expect(try await library.groups().count == 20)
    }

    @Test("Pages follow each other without a gap", arguments: Engine.available)
    func pages(engine: Engine) async throws {
        let library = try await Library(engine)
        for number in 0..<6 { library.put("\(number)", FingerprintText.items(seed: UInt64(number / 2), seconds: 30)) }
        for name in ["x", "y"] {
            library.put(name, nil, vector: [0, 1])
            library.bench.copy("/music/\(name)", "/music/\(name)2")
        }
        library.put("y", nil, ms: 100_000, vector: [0, -1])
        library.bench.copy("/music/y", "/music/y2")
        try await library.settle()
        var (ids, cursor): ([String], String?) = ([], nil)
        repeat {
            let page = try await library.store.groups(PageRequest(cursor: cursor, limit: 2))
            #expect(page.items.allSatisfy { $0.tracks.count == 2 })
            ids += page.items.map(\.id)
            cursor = page.nextCursor
        } while cursor != nil
        #expect(ids == ["0", "2", "4", "x", "y"])
        await #expect(throws: StoreError.self) { try await library.store.groups(PageRequest(cursor: "zz")) }
    }
}
