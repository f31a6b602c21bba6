import Contracts
import Domain
import Testing
import UseCases

@testable import Persistence

@Suite("Content, analyses and vectors")
struct CatalogueContentTests {
    @Test("A file carried to another disk keeps its id, whatever its time says", arguments: Engine.available)
    func carried(engine: Engine) async throws {
        let bench = try await CatalogueBench(engine)
        for number in 0..<3 { bench.put("/music/a/\(number).flac", content: "c\(number)") { $0.album = "Debut" } }
        try await bench.scan()
        let old = try #require(try await bench.track("/music/a/1.flac"))
        bench.disk.removeValue(forKey: "/music/a/1.flac")
        try await bench.scan()
        bench.put("/music/b/1.flac", mtime: 9999, content: "c1") { $0.album = "Debut" }
        let result = try await bench.scan()
        #expect(result.progress.cached == 1)
        #expect(result.progress.moved == 1)
        #expect(result.foundAgain == [2: 1])
        let new = try #require(try await bench.track("/music/b/1.flac"))
        #expect(new.id == old.id)
        #expect(new.state == .present && new.hasVector && new.facts.mtimeNs == 9999)
        #expect(try await bench.track("/music/a/1.flac") == nil)
        let totals = try await bench.catalogue.totals()
        #expect(totals.tracks == 3 && totals.missing == 0)
        let found = try await bench.catalogue.search("debut", limit: 9).map(\.id)
        #expect(Set(found).contains(old.id) && found.count == 3)
    }

    @Test("An analysis without a fingerprint is none for those who need one", arguments: Engine.available)
    func fingerprint(engine: Engine) async throws {
        let bench = try await CatalogueBench(engine)
        for fingerprint in [nil, "AQAAE9GSJEmUJAkA"] {
            var analysis = AudioAnalysis(
                contentKey: "key", version: "v", status: .complete, durationMs: 1000, sampleRate: 44_100, channels: 2)
            analysis.details = AudioDetails()
            analysis.details?.fingerprint = fingerprint
            let (heard, now, catalogue) = (analysis, bench.now, bench.catalogue)
            try await bench.database.write { try StoredAnalysis.write(heard, now: now, $0) }
            let (any, marked) = try await bench.database.read { connection in
                let known = { (withFingerprint: Bool) in
                    try catalogue.hasAnalysis(
                        contentKey: "key", version: "v", withFingerprint: withFingerprint, in: connection)
                }
                return (try known(false), try known(true))
            }
            #expect(any && marked == (fingerprint != nil))
        }
    }

    @Test("A track that was heard before keeps its id when its twin is gone", arguments: Engine.available)
    func twin(engine: Engine) async throws {
        let bench = try await CatalogueBench(engine)
        bench.put("/music/a.flac", content: "same")
        try await bench.scan()
        bench.put("/music/b.flac", content: "same")
        try await bench.scan()
        let id = try await bench.track("/music/b.flac")?.id
        bench.disk.removeValue(forKey: "/music/a.flac")
        try await bench.scan()
        try await bench.scan(mode: .full)
        #expect(try await bench.track("/music/b.flac")?.id == id)
    }

    @Test(
        "A file that was moved and retagged keeps its id, though it was heard before the old place was missed",
        arguments: Engine.available)
    func heardEarly(engine: Engine) async throws {
        let bench = try await CatalogueBench(engine)
        for number in 0..<4 { bench.put("/music/a/\(number).flac", content: "c\(number)") { $0.album = "Debut" } }
        try await bench.scan()
        let old = try #require(try await bench.track("/music/a/1.flac"))
        bench.disk.removeValue(forKey: "/music/a/1.flac")
        bench.put("/music/b/1.flac", mtime: 9999, content: "c1") { ($0.title, $0.album) = ("New", "Debut") }
        // The walk goes on while what it met first is indexed and heard.
        let (scope, catalogue) = (bench.scope("/music"), bench.catalogue)
        let (listings, now) = (bench.listings, bench.now)
        let report = try await bench.database.write {
            try catalogue.reconcile(listings, scope: scope, now: now, in: $0)
        }
        bench.now += 1
        try await bench.drain(report.tasks)
        let end = ScanCompleteOutcome(scanID: scope.id, rootUnavailable: false, vanishedFolderIDs: [], problems: [])
        let found = try await bench.endWalk(end, scope)
        #expect(found.map(\.progress.moved).reduce(0, +) == 1 && found.allSatisfy { $0.progress.missing == 0 })
        let new = try #require(try await bench.track("/music/b/1.flac"))
        #expect(new.id == old.id && new.state == .present && new.hasVector && new.metadata.title == "New")
        let totals = try await bench.catalogue.totals()
        #expect(totals.tracks == 4 && totals.missing == 0)
        let lines = try await CatalogueDump.lines(of: bench.database)
        try await bench.scan(mode: .full)
        #expect(try await CatalogueDump.lines(of: bench.database) == lines)
    }

    @Test("Silence is a result: the chain ends with its analysis", arguments: Engine.available)
    func silence(engine: Engine) async throws {
        let bench = try await CatalogueBench(engine)
        bench.put("/music/a.flac", content: "silence")
        let result = try await bench.scan()
        #expect(result.progress.analyzed == 1)
        #expect(result.progress.vectorized == 0)
        let track = try #require(try await bench.track("/music/a.flac"))
        #expect(track.analysis?.status == .silent)
        #expect(!track.hasVector)
    }

    @Test("A vector with a number that is none is refused", arguments: [Float.nan, .infinity, -.infinity])
    func badVector(number: Float) async throws {
        let bench = try await CatalogueBench(.sqlite)
        bench.put("/music/a.flac")
        try await bench.scan(until: .analysis)
        let track = try #require(try await bench.track("/music/a.flac"))
        let outcome = VectorCompleteOutcome(
            trackID: track.id, contentKey: try #require(track.contentKey), model: "acoustic-v1",
            vector: PackedFloats([1, number]))
        let payload = VectorizeTrackPayload(
            trackID: track.id, model: nil, scanID: nil, contentKey: nil, features: nil)
        let result = try await bench.apply([(.vectorizeTrack(payload), .vectorComplete(outcome), nil)])
        #expect(result.first?.notice?.contains("refused") == true)
        #expect(try await bench.catalogue.vectorChanges(model: "acoustic-v1", after: 0, limit: 9).isEmpty)
        #expect(try await bench.track("/music/a.flac")?.hasVector == false)
    }

    @Test("A scan stops at the stage that was asked for", arguments: [Scan.Stage.index, .analysis, .vector])
    func stages(until: Scan.Stage) async throws {
        let bench = try await CatalogueBench(.sqlite)
        bench.put("/music/a.flac")
        let progress = try await bench.scan(until: until).progress
        #expect(progress.indexed == 1)
        #expect(progress.analyzed == (until == .index ? 0 : 1))
        #expect(progress.vectorized == (until == .vector ? 1 : 0))
    }

    @Test("An analysis by an older analyser is stale, and is redone only by a full scan", arguments: Engine.available)
    func stale(engine: Engine) async throws {
        let bench = try await CatalogueBench(engine)
        bench.put("/music/a.flac")
        try await bench.scan()
        _ = try await bench.database.write { try $0.execute("UPDATE analysis SET version = 'ear-0'") }
        #expect(try await bench.catalogue.totals().stale == 1)
        #expect(try await bench.scan().tasks.isEmpty)
        #expect(try await bench.track("/music/a.flac")?.analysis?.version == "ear-0")
        let result = try await bench.scan(mode: .full)
        #expect(result.progress.analyzed == 1)
        #expect(result.progress.cached == 0)
        #expect(try await bench.catalogue.totals().stale == 0)
        #expect(try await bench.track("/music/a.flac")?.analysis?.version == AudioAnalysis.currentVersion)
    }

    @Test("A result for a track that is gone changes nothing", arguments: Engine.available)
    func goneTrack(engine: Engine) async throws {
        let bench = try await CatalogueBench(engine)
        let payload = AnalyzeAudioPayload(
            trackID: 77, filePath: FilePath("/music/a.flac"), rootPath: FilePath("/music"), scanID: nil)
        let outcome = AnalysisCompleteOutcome(trackID: 77, contentKey: "x", analysis: nil)
        let result = try await bench.apply([(.analyzeAudio(payload), .analysisComplete(outcome), nil)])
        #expect(result.first?.tasks.isEmpty == true)
        #expect(result.first?.progress.analyzed == 0)
    }

    @Test("What a sender left out is filled in, or refused in a clear sentence", arguments: Engine.available)
    func complete(engine: Engine) async throws {
        let bench = try await CatalogueBench(engine)
        bench.put("/music/a.flac")
        bench.put("/music/quiet.flac", content: "silence")
        try await bench.scan(until: .analysis)
        let track = try #require(try await bench.track("/music/a.flac"))
        let quiet = try #require(try await bench.track("/music/quiet.flac"))
        func complete(_ payload: TaskPayload) async throws -> TaskPayload {
            let catalogue = bench.catalogue
            return try await bench.database.read { try catalogue.complete(payload, in: $0) }
        }
        func vectorize(_ id: Int64) -> TaskPayload {
            .vectorizeTrack(
                VectorizeTrackPayload(trackID: id, model: nil, scanID: nil, contentKey: nil, features: nil))
        }
        let analyze = AnalyzeAudioPayload(trackID: track.id, filePath: nil, rootPath: nil, scanID: nil)
        guard case .analyzeAudio(let filled) = try await complete(.analyzeAudio(analyze)) else { return }
        #expect(filled.filePath == FilePath("/music/a.flac"))
        #expect(filled.rootPath == FilePath("/music"))
        guard case .vectorizeTrack(let vector) = try await complete(vectorize(track.id)) else { return }
        #expect(vector.features?.values == [1, 2, 3])
        #expect(vector.contentKey == track.contentKey)
        for path in ["/etc/passwd", "/music/../etc/passwd", "/musicevil/a", "music/a", ""] {
            let payload = IndexFilePayload(filePath: FilePath(path), rootPath: nil, scanID: nil, priority: nil)
            await #expect(throws: StoreError.self, "\(path)") { try await complete(.indexFile(payload)) }
        }
        let widened = IndexFilePayload(
            filePath: FilePath("/music/a.flac"), rootPath: FilePath("/"), scanID: nil, priority: nil)
        guard case .indexFile(let narrowed) = try await complete(.indexFile(widened)) else { return }
        #expect(narrowed.rootPath == FilePath("/music"))
        for id in [quiet.id, 4711] {
            await #expect(throws: StoreError.self) { try await complete(vectorize(id)) }
        }
    }

    @Test("A no-op with followers starts the next one, and the last of them none", arguments: Engine.available)
    func noopChain(engine: Engine) async throws {
        let bench = try await CatalogueBench(engine)
        let chain = NoopChain(followers: 1, note: "n")
        let consequences = try await bench.apply([
            (.noopChain(chain), .noopComplete, nil),
            (.noopChain(NoopChain(followers: 0, note: "n")), .noopComplete, nil),
            (.noop, .noopComplete, nil),
        ])
        #expect(
            consequences.map { $0.tasks.map(\.payload) } == [[.noopChain(NoopChain(followers: 0, note: "n"))], [], []])
    }
}
