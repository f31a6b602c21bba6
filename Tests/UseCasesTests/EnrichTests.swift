import Contracts
import Domain
import Synchronization
import Testing
import UseCases

/// Knows what it was told, and breaks as it was told.
private final class ScriptedSource: MetadataSource {
    let source: ServiceID
    let kinds: Set<OutsideSubject.Kind>
    let language: String?
    let pauseSeconds: Double
    private let answer: Result<OutsideFacts?, Failure>
    private let questions = Mutex<[OutsideSubject]>([])

    var asked: [OutsideSubject] { questions.withLock { $0 } }

    init(
        _ source: ServiceID, _ answer: Result<OutsideFacts?, Failure> = .success(nil),
        kinds: Set<OutsideSubject.Kind> = [.track, .album, .artist], language: String? = nil, pauseSeconds: Double = 0
    ) {
        self.source = source
        self.answer = answer
        self.kinds = kinds
        self.language = language
        self.pauseSeconds = pauseSeconds
    }

    func facts(of subject: OutsideSubject) async throws -> OutsideFacts? {
        questions.withLock { $0.append(subject) }
        return try answer.get()
    }
}

@Suite struct EnrichTests {
    private static let artist = OutsideSubject.artist(ArtistQuestion(name: "Marled Field"))
    private static var facts: OutsideFacts {
        var facts = OutsideFacts()
        facts.name = "Marled Field"
        facts.listeners = -1
        return facts
    }

    private func run(
        _ sources: [ScriptedSource], _ change: (inout EnrichPayload) -> Void = { _ in }
    ) async throws -> EnrichedOutcome {
        let handlers = Handlers(
            walker: ScriptedWalker(), media: ScriptedMedia(), broker: ScriptedBroker(), models: [], sources: sources,
            clock: { 1_000_000 }, unit: { 0.5 })
        var payload = EnrichPayload(kind: .artist, id: 3, subject: Self.artist)
        change(&payload)
        guard
            case .enriched(let outcome) = try await handlers.handle(
                .enrich(payload), lease: Lease(taskID: 1, token: 2))
        else { throw Failure(.internalError, "another outcome") }
        return outcome
    }

    @Test(
        "Each source that knows the kind is asked, and what it says is kept with its date, also that it knows nothing")
    func all() async throws {
        let known = ScriptedSource(.lastfm, .success(Self.facts), language: "de")
        let other = ScriptedSource(.listenbrainz, kinds: [.track])
        let outcome = try await run([known, ScriptedSource(.musicbrainz), other])
        #expect(outcome.kind == .artist && outcome.id == 3 && outcome.waiting.isEmpty)
        #expect(outcome.findings.map(\.source) == [.lastfm, .musicbrainz])
        #expect(outcome.findings[0].language == "de" && outcome.findings[0].fetchedAt == 1_000_000)
        #expect(outcome.findings[0].facts?.name == "Marled Field")
        #expect(outcome.findings[0].facts?.listeners == nil, "what makes no sense is not passed on")
        #expect(outcome.findings.map(\.ttlSeconds) == [30 * 86400, 7 * 86400])
        #expect(known.asked == [Self.artist])
        #expect(other.asked.isEmpty)
    }

    @Test("Only those that the task names are asked")
    func named() async throws {
        let sources = [ScriptedSource(.lastfm), ScriptedSource(.musicbrainz)]
        #expect(try await run(sources) { $0.sources = [.musicbrainz] }.findings.map(\.source) == [.musicbrainz])
        let failure = await #expect(throws: Failure.self) { try await run(sources) { $0.sources = [.napster] } }
        #expect(failure?.isPostponing == true, "another worker may have it")
    }

    @Test("One that is away holds up no other; when nobody answers the attempt fails as the mildest failure")
    func away() async throws {
        let away = ScriptedSource(.musicbrainz, .failure(Failure(.serviceUnavailable, "away", retryAfterSeconds: 9)))
        let broken = ScriptedSource(.napster, .failure(Failure(.serviceError, "nonsense")))
        let outcome = try await run([away, ScriptedSource(.lastfm), broken])
        #expect(outcome.findings.map(\.source) == [.lastfm] && outcome.waiting == [.musicbrainz, .napster])
        let failure = await #expect(throws: Failure.self) { try await run([broken, away]) }
        #expect(failure?.reason == .serviceUnavailable)
    }

    @Test("A service that says no has no answer, and is not asked again for a while")
    func refused() async throws {
        let outcome = try await run([ScriptedSource(.lastfm, .failure(Failure(.serviceRefused, "no")))])
        #expect(outcome.findings.map(\.facts) == [nil] && outcome.waiting.isEmpty)
    }

    @Test("A task without names, or with those of something else, is at fault itself")
    func invalid() async throws {
        for subject in [nil, OutsideSubject.album(AlbumQuestion(artist: nil, title: "a"))] {
            let failure = await #expect(throws: Failure.self) {
                try await run([ScriptedSource(.lastfm)]) { $0.subject = subject }
            }
            #expect(failure?.reason == .invalidPayload)
        }
    }

    @Test("Answers grow old on different days, what is not known sooner")
    func ttl() {
        let found = [0, 0.5, 0.999].map { OutsideFinding.ttlSeconds(isFound: true, unit: $0) }
        #expect(found == found.sorted() && Set(found).count == 3)
        #expect(found[0] > 25 * 86400 && found[2] < 35 * 86400)
        #expect(OutsideFinding.ttlSeconds(isFound: false, unit: 0.999) < found[0])
    }

    @Test("Only a worker with a source has a lane for questions, of one slot")
    func lanes() {
        let profile = DeviceProfile(model: "Pi", cores: 4, memoryBytes: 4 << 30)
        let lanes = WorkLane.plan(roles: [.downloader], profile: profile, services: Set(WorkLane.questions))
        #expect(lanes.map(\.batch) == [1])
        #expect(Set(lanes.flatMap(\.kinds)) == [.enrichTrack, .enrichAlbum, .enrichArtist])
        #expect(WorkLane.plan(roles: [.downloader], profile: profile).isEmpty)
        #expect(
            WorkLane.plan(roles: [.indexer], profile: profile, services: Set(WorkLane.questions)).allSatisfy {
                $0.kinds != lanes[0].kinds
            })
    }
}
