import Contracts
import Domain
import Foundation
import Logging
import Testing
import UseCases

@testable import Persistence

/// What services outside said: kept by question, with a date, and asked for again when it is old.
struct EnrichmentTests {
    private static let sources = [
        EnrichmentSource(source: .lastfm, kinds: [.track, .album, .artist], language: "de"),
        EnrichmentSource(source: .listenbrainz, kinds: [.track, .artist], language: nil),
    ]
    private static let day: Int64 = 86_400_000_000
    /// Of the clock that tells what is old, which PostgreSQL has itself.
    private static let today: MicrosecondClock = { Int64(Date().timeIntervalSince1970 * 1_000_000) }

    private struct Shelf {
        let bench: CatalogueBench
        let stores: Stores
        let track: Track
        let albumID: Int64
        let artistID: Int64
        var store: DatabaseEnrichment { stores.enrichment }

        init(_ engine: Engine, _ sources: [EnrichmentSource] = EnrichmentTests.sources) async throws {
            bench = try await CatalogueBench(engine)
            let bench = bench
            bench.put("/music/a.flac") {
                ($0.title, $0.artists, $0.album) = ("First Light", ["Marled Field"], "Furrow Lines")
                $0.albumArtists = ["Marled Field"]
            }
            try await bench.scan()
            stores = try Stores(
                database: bench.database, lockFolder: nil, enrichmentSources: sources, clock: EnrichmentTests.today)
            track = try #require(try await bench.track("/music/a.flac"))
            albumID = try #require(track.albumID)
            artistID = try #require(track.artistIDs.first)
        }

        func execute(_ query: Query) async throws {
            _ = try await bench.database.write { try $0.execute(query) }
        }

        func payload(of task: TaskRecord) throws -> EnrichPayload {
            guard
                case .enrich(let payload) = try TaskPayload.decode(
                    kind: task.kind, version: task.version, json: task.payload)
            else { throw StoreError.fatal("another payload") }
            return payload
        }

        /// What a worker answers, settled.
        @discardableResult
        func settle(
            _ payload: EnrichPayload, _ findings: [OutsideFinding], waiting: [ServiceID] = []
        ) async throws -> [NewTask] {
            let outcome = EnrichedOutcome(
                kind: payload.kind, id: payload.id, findings: findings, waiting: waiting)
            return try await bench.apply([(.enrich(payload), .enriched(outcome), nil)]).flatMap(\.tasks)
        }
    }

    private static func finding(
        _ source: ServiceID = .lastfm, _ name: String? = "found", at time: Int64 = 1_000_000, days: Int = 30,
        language: String? = "de"
    ) -> OutsideFinding {
        var facts = OutsideFacts()
        facts.name = name
        (facts.listeners, facts.plays) = (7, 9)
        facts.musicBrainz.artists = ["0383dadf-2a4e-4d10-a46a-e9e041da8eb3"]
        return OutsideFinding(
            source: source, language: language, facts: name == nil ? nil : facts, fetchedAt: time,
            ttlSeconds: days * 86400)
    }

    @Test(
        "What was said is shown with its source and date; the same again changes nothing", arguments: Engine.available)
    func kept(engine: Engine) async throws {
        let shelf = try await Shelf(engine)
        let task = try #require(
            try await shelf.store.enrich(.artist, id: shelf.artistID, refresh: false, priority: .high))
        let payload = try shelf.payload(of: task)
        #expect(payload.subject == .artist(ArtistQuestion(name: "Marled Field")))
        #expect(payload.sources == [.lastfm, .listenbrainz] && task.kind == .enrichArtist && task.priority == .high)
        let findings = [Self.finding(), Self.finding(.listenbrainz, nil, days: 7, language: nil)]
        for _ in 0..<2 {
            #expect(try await shelf.settle(payload, findings).isEmpty)
            #expect(try await shelf.store.findings(of: .artist, id: shelf.artistID) == findings)
        }
        let row = try await shelf.bench.database.read { connection in
            try connection.first(
                "SELECT listeners, plays, musicbrainz_id FROM enrichment WHERE source = 'lastfm' AND kind = 'artist'"
            ) { [$0.int(0).map(String.init), $0.int(1).map(String.init), $0.text(2)] }
        }
        #expect(row == ["7", "9", "0383dadf-2a4e-4d10-a46a-e9e041da8eb3"])
        // An answer that was overtaken by a newer one.
        try await shelf.settle(payload, [Self.finding(.lastfm, "older", at: 999_999)])
        #expect(try await shelf.store.findings(of: .artist, id: shelf.artistID) == findings)
        let audit = try await DatabaseAudit(database: shelf.bench.database).run()
        #expect(audit.filter { $0.verdict != .fine }.isEmpty)
    }

    @Test("What is not old is not asked for, unless somebody insists", arguments: Engine.available)
    func fresh(engine: Engine) async throws {
        let shelf = try await Shelf(engine)
        let payload = EnrichPayload(
            kind: .album, id: shelf.albumID,
            subject: .album(AlbumQuestion(artist: "Marled Field", title: "Furrow Lines")))
        let today = Self.today()
        shelf.bench.now = today
        try await shelf.settle(payload, [Self.finding(at: today - 2)])
        #expect(try await shelf.store.enrich(.album, id: shelf.albumID, refresh: false, priority: .high) == nil)
        let task = try #require(try await shelf.store.enrich(.album, id: shelf.albumID, refresh: true, priority: .high))
        #expect(try shelf.payload(of: task).refresh == true)
        // Old, or in another language.
        try await shelf.settle(payload, [Self.finding(at: today - 1, days: 0)])
        #expect(try await shelf.store.enrich(.album, id: shelf.albumID, refresh: false, priority: .low) != nil)
        try await shelf.settle(payload, [Self.finding(at: today, language: "fr")])
        let again = try await shelf.store.enrich(.album, id: shelf.albumID, refresh: false, priority: .high)
        #expect(again?.priority == .high, "who waits for it overtakes the scan")
    }

    @Test("The answer to another question does not count", arguments: Engine.available)
    func retagged(engine: Engine) async throws {
        let shelf = try await Shelf(engine)
        let task = try #require(
            try await shelf.store.enrich(.track, id: shelf.track.id, refresh: false, priority: .low))
        try await shelf.settle(try shelf.payload(of: task), [Self.finding()])
        #expect(try await shelf.store.findings(of: .track, id: shelf.track.id).count == 1)
        shelf.bench.put("/music/a.flac", mtime: 2000, content: "content of /music/a.flac") {
            ($0.title, $0.artists) = ("Retagged", ["Marled Field"])
        }
        try await shelf.bench.scan()
        #expect(try await shelf.store.findings(of: .track, id: shelf.track.id).isEmpty)
        // The old answer arrives late.
        try await shelf.settle(try shelf.payload(of: task), [Self.finding(at: 2_000_000)])
        #expect(try await shelf.store.findings(of: .track, id: shelf.track.id).isEmpty)
    }

    @Test(
        "What always ends badly is asked again when no answer would be old, not in each round",
        arguments: Engine.available)
    func unanswered(engine: Engine) async throws {
        let shelf = try await Shelf(engine)
        let task = try #require(
            try await shelf.store.enrich(.artist, id: shelf.artistID, refresh: false, priority: .low))
        let payload = try shelf.payload(of: task)
        let today = Self.today()
        shelf.bench.now = today
        func die(at now: Int64) async throws {
            let catalogue = shelf.stores.catalogue
            try await shelf.bench.database.write {
                try catalogue.recordDeath(
                    of: .enrich(payload), failure: Failure(.serviceError, "rubbish"), now: now, in: $0)
            }
        }
        func isAskedAgain() async throws -> Bool {
            try await shelf.execute("DELETE FROM task")
            return try await shelf.store.queueMissing(.artist, after: 0, limit: 10).queued > 0
        }
        #expect(try await isAskedAgain())
        try await die(at: today)
        #expect(try await !isAskedAgain())
        #expect(try await shelf.store.findings(of: .artist, id: shelf.artistID).isEmpty, "nobody has said a thing")
        // Eight days ago is longer than such a row counts.
        try await shelf.execute("DELETE FROM enrichment")
        try await die(at: today - 9 * Self.day)
        #expect(try await isAskedAgain())
        // An answer takes the place of none, and is not lost when a later question ends badly.
        try await shelf.settle(
            payload, [Self.finding(at: today - 1), Self.finding(.listenbrainz, at: today - 1, language: nil)])
        let known = try await shelf.store.findings(of: .artist, id: shelf.artistID)
        #expect(known.count == 2)
        try await die(at: today)
        #expect(try await shelf.store.findings(of: .artist, id: shelf.artistID) == known)
    }

    @Test("Those who could not be asked are asked by another task, later", arguments: Engine.available)
    func waiting(engine: Engine) async throws {
        let shelf = try await Shelf(engine)
        let task = try #require(
            try await shelf.store.enrich(.artist, id: shelf.artistID, refresh: false, priority: .low))
        let next = try await shelf.settle(
            try shelf.payload(of: task), [Self.finding()], waiting: [.listenbrainz, .napster])
        #expect(next.count == 1 && next[0].runAt ?? 0 > shelf.bench.now)
        guard case .enrich(let payload) = next[0].payload else { return #expect(Bool(false)) }
        #expect(payload.sources == [.listenbrainz], "only those that the task was to ask")
        #expect(payload.subject != nil)
    }

    @Test("Artists and albums that nobody was asked about are queued once, low", arguments: Engine.available)
    func backfill(engine: Engine) async throws {
        let shelf = try await Shelf(engine)
        shelf.bench.put("/music/b.flac") { ($0.title, $0.artists, $0.album) = ("B", ["Other"], "Another") }
        try await shelf.bench.scan()
        let stores = shelf.stores
        let backfill = EnrichmentBackfill(
            kinds: Set(OutsideSubject.Kind.allCases), store: stores.enrichment, isIndexing: { false },
            waiting: { try await stores.tasks.tasks(TaskFilter(role: .downloader), page: .init()).items.count },
            logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }))
        for _ in 0..<3 { await backfill.look() }
        let tasks = try await shelf.stores.tasks.tasks(TaskFilter(role: .downloader), page: .init()).items
        #expect(
            tasks.map(\.kind.rawValue).sorted() == ["enrich_album", "enrich_album", "enrich_artist", "enrich_artist"])
        #expect(tasks.allSatisfy { $0.priority == .low })
        // One that is answered by all is not queued by the next pass either.
        for task in tasks {
            let payload = try shelf.payload(of: task)
            try await shelf.settle(payload, (payload.sources ?? []).map { Self.finding($0, nil) })
        }
        for kind in OutsideSubject.Kind.allCases where kind != .track {
            #expect(try await shelf.store.queueMissing(kind, after: 0, limit: 10).last == nil)
        }
    }

    @Test("Without a source nothing is queued, and a task that is submitted says so", arguments: Engine.available)
    func nobody(engine: Engine) async throws {
        let shelf = try await Shelf(engine, [])
        #expect(try await shelf.store.enrich(.artist, id: shelf.artistID, refresh: true, priority: .high) == nil)
        #expect(try await shelf.store.queueMissing(.artist, after: 0, limit: 10).queued == 0)
        await #expect(throws: StoreError.self) {
            try await shelf.stores.tasks.submit(
                NewTask(payload: .enrich(EnrichPayload(kind: .artist, id: shelf.artistID)), priority: .normal),
                idempotencyKey: nil)
        }
    }

    @Test("What goes takes with it what was said of it", arguments: Engine.available)
    func gone(engine: Engine) async throws {
        let shelf = try await Shelf(engine)
        let task = try #require(
            try await shelf.store.enrich(.album, id: shelf.albumID, refresh: false, priority: .low))
        try await shelf.settle(try shelf.payload(of: task), [Self.finding()])
        shelf.bench.put("/music/a.flac", mtime: 2000, content: "content of /music/a.flac") {
            ($0.title, $0.artists, $0.album) = ("First Light", ["Marled Field"], "Another Album")
        }
        try await shelf.bench.scan()
        let left = try await shelf.bench.database.read { connection in
            try connection.first("SELECT count(*) FROM enrichment") { $0.int(0) }
        }
        #expect(left == 0)
        // An answer that comes after it went is kept nowhere.
        try await shelf.settle(try shelf.payload(of: task), [Self.finding(at: 2_000_000)])
        #expect(try await shelf.store.findings(of: .album, id: shelf.albumID).isEmpty)
    }
}
