import Contracts
import Domain
import TestSupport
import Testing
import UseCases

@testable import Persistence

/// How the table of vectors follows the library, and what happens when it is gone.
@Suite("The table of pgvector", .enabled(if: PgvectorServer.isAvailable, "no server with pgvector: see ops/test"))
struct PgvectorFeedTests {
    private static func settle(_ bench: CatalogueBench, _ track: Track, _ vector: [Float]) async throws {
        let key = try #require(track.analysis?.contentKey)
        let outcome = VectorCompleteOutcome(
            trackID: track.id, contentKey: key, model: "acoustic-v1", vector: PackedFloats(vector))
        let payload = VectorizeTrackPayload(
            trackID: track.id, model: "acoustic-v1", scanID: nil, contentKey: key, features: nil)
        _ = try await bench.apply([(.vectorizeTrack(payload), .vectorComplete(outcome), nil)])
    }

    private static func track(_ bench: CatalogueBench, _ number: Int) async throws -> Track {
        try #require(try await bench.track("/music/\(number).flac"))
    }

    private static func library(_ server: PgvectorServer, tracks: Int) async throws -> PgvectorLibrary {
        let library = try await PgvectorLibrary(server)
        for number in 0..<tracks { library.bench.put("/music/\(number).flac") }
        try await library.bench.scan()
        try await library.vectors.prepare()
        return library
    }

    private static func ids(_ library: PgvectorLibrary, _ vectors: PgvectorVectors) async throws -> [Int64] {
        try await vectors.catchUp(until: .max)
        return try await vectors.nearest(to: [1, 0], limit: 100, passing: try await library.gate()).map(\.id)
    }

    @Test(
        "What any process commits is in the next answer, and what goes is not, with an index and without",
        arguments: PgvectorServer.available, [false, true])
    func follows(server: PgvectorServer, isIndexed: Bool) async throws {
        let library = try await Self.library(server, tracks: 5)
        let (bench, vectors, other) = (library.bench, library.vectors, library.other())
        if isIndexed {
            try await until("the index is built", .seconds(60)) {
                try await vectors.keepUp()
                return try await vectors.current().isIndexed
            }
        }
        #expect(try await Self.ids(library, vectors).count == 5)
        let track = try await Self.track(bench, 3)
        try await Self.settle(bench, track, [1, 0])
        #expect(try await Self.ids(library, other).first == track.id)
        #expect(try await vectors.vectors(of: [track.id, 999]) == [track.id: [1, 0]])
        bench.disk.removeValue(forKey: "/music/3.flac")
        try await bench.scan()
        let left = try await Self.ids(library, vectors)
        #expect(left.count == 4 && !left.contains(track.id))
        #expect(try await Self.ids(library, other) == left)
    }

    @Test("Two who copy at once copy everything once, and a third goes on", arguments: PgvectorServer.available)
    func together(server: PgvectorServer) async throws {
        let library = try await PgvectorLibrary(server)
        try await library.vectors.prepare()
        let (vectors, other) = (library.vectors, library.other())
        try await library.fill((0..<2500).map { [1, Float($0) / 2500] })
        await #expect(throws: SimilarityProblem.self, "nobody waits for so many") {
            try await other.catchUp(until: .max)
        }
        async let mine = vectors.fill()
        async let theirs = other.fill()
        #expect(try await mine + theirs == 2500)
        let state = try await library.vectors.current()
        #expect(try await library.vectors.read { try state.entry.table.counts($0) } == [2: 2500])
        #expect(try await library.other().fill() == 0)
    }

    @Test(
        "Zero never enters; another length stays out until it is that of the most", arguments: PgvectorServer.available)
    func lengths(server: PgvectorServer) async throws {
        let library = try await Self.library(server, tracks: 4)
        let (bench, vectors) = (library.bench, library.vectors)
        try await Self.settle(bench, try await Self.track(bench, 0), [0, 0])
        #expect(try await Self.ids(library, vectors).count == 3)
        for number in 0..<2 { try await Self.settle(bench, try await Self.track(bench, number), [1, 0, 0]) }
        #expect(try await Self.ids(library, vectors).count == 2)
        try await Self.settle(bench, try await Self.track(bench, 2), [1, 0, 0])
        try await vectors.catchUp(until: .max)
        let found = try await vectors.nearest(to: [1, 0, 0], limit: 9, passing: try await library.gate())
        #expect(found.count == 3)
        #expect(library.events.contains { $0 == .newSpace(old: 2, new: 3) })
    }

    @Test(
        "An extension that is dropped under the server is an answer with a reason, and comes back",
        arguments: PgvectorServer.available)
    func dropped(server: PgvectorServer) async throws {
        let library = try await Self.library(server, tracks: 3)
        #expect(try await Self.ids(library, library.vectors).count == 3)
        _ = try await library.database.write { try $0.execute("DROP EXTENSION vector CASCADE") }
        for _ in 0..<3 {
            let gone = SimilarityProblem.away(PgvectorProblem.gone.description, seconds: 10)
            await #expect(throws: gone) { _ = try await Self.ids(library, library.vectors) }
        }
        await #expect(throws: PgvectorProblem.gone) { try await library.vectors.keepUp() }
        _ = try await library.database.write { try $0.execute("CREATE EXTENSION vector") }
        #expect(try await Self.ids(library, library.vectors).count == 3)
    }

    @Test("A table of another build, or dropped by the command, is made anew", arguments: PgvectorServer.available)
    func remade(server: PgvectorServer) async throws {
        let library = try await Self.library(server, tracks: 3)
        #expect(try await Self.ids(library, library.vectors).count == 3)
        let first = try await library.vectors.current().entry
        #expect(first.table.column.kind == (server == .new ? .halfvec : .vector))
        try await library.vectors.prepare()
        #expect(try await library.vectors.current().entry == first, "what fits is kept")
        for change: Query in ["shape = 0", "last_seq = 1000000", "kind = 'bit'"] {
            _ = try await library.database.write { try $0.execute("UPDATE pgvector_table SET " + change) }
            try await library.vectors.prepare()
            #expect(try await library.vectors.current().entry.id > first.id)
            #expect(try await Self.ids(library, library.vectors).count == 3)
        }
        let dropped = try await library.database.write { try PgvectorRegistry(connection: $0).dropAll() }
        #expect(dropped == 1)
        #expect(try await Self.ids(library, library.vectors).count == 3)
    }

    @Test("Who may not install the extension is told what to run", arguments: PgvectorServer.available)
    func notPermitted(server: PgvectorServer) async throws {
        let library = try await PgvectorLibrary(server)
        let role = "sillon_test_plain_\(UInt32.random(in: 0...UInt32.max))"
        let user = Query(stringLiteral: role)
        _ = try await library.database.write { try $0.execute("CREATE ROLE " + user) }
        let found = await #expect(throws: PgvectorProblem.self) {
            try await library.database.write { connection in
                try connection.execute("SET LOCAL ROLE " + user)
                _ = try PgvectorExtension(connection: connection).require(installing: true)
            }
        }
        guard case .notInstalled(_, role) = found else {
            Issue.record("\(String(describing: found))")
            return
        }
        #expect(found?.description.contains("CREATE EXTENSION vector") == true)
        _ = try await library.database.write { try $0.execute("DROP ROLE " + user) }
    }
}

/// On the server that every store test uses, which has no such extension.
@Suite struct PgvectorAbsenceTests {
    @Test(
        "A server without the extension is told what to install",
        .enabled(if: TestCluster.shared != nil, "no PostgreSQL: see ops/test"))
    func absent() async throws {
        let cluster = try #require(TestCluster.shared)
        let database = try await cluster.open()
        let vectors = PgvectorVectors(database: database.base, model: "acoustic-v1", dimension: 2) { _ in }
        let problem = await #expect(throws: PgvectorProblem.self) { try await vectors.prepare() }
        guard case .notOnServer(let version) = problem else {
            Issue.record("\(String(describing: problem))")
            return
        }
        #expect((Int(version) ?? 0) >= 13 && problem?.description.contains("postgresql-\(version)-pgvector") == true)
    }
}
