import Contracts
import Domain
import Synchronization
import Testing

@testable import UseCases

struct HandlerTests {
    private let broker = ScriptedBroker()
    private let lease = Lease(taskID: 1, token: 2)

    private func handlers(_ walker: ScriptedWalker = ScriptedWalker()) -> Handlers {
        Handlers(walker: walker, media: ScriptedMedia(), broker: broker, models: [])
    }

    private let scan = TaskPayload.scanLibrary(
        ScanLibraryPayload(
            path: FilePath("/music"), rootPath: FilePath("/music"), scanID: "s", mode: .quick, priority: .normal,
            until: nil))

    @Test("The walk reports every folder and names those that vanished, but none below an unreadable one")
    func walk() async throws {
        broker.state.withLock {
            $0.known = [
                KnownFolder(id: 1, path: FilePath("/music/here")), KnownFolder(id: 2, path: FilePath("/music/gone")),
                KnownFolder(id: 3, path: FilePath("/music/locked/deep")),
                KnownFolder(id: 4, path: FilePath("/music/ignored/deep")),
            ]
        }
        let walker = ScriptedWalker(
            listings: [FolderListing(path: FilePath("/music/here"), files: [])],
            problems: [
                WalkProblem(path: FilePath("/music/locked"), message: "\"/music/locked\" cannot be read"),
                WalkProblem(path: FilePath("/music/ignored"), message: "\"/music/ignored\" asks", isIgnored: true),
            ])
        let outcome = try await handlers(walker).handle(scan, lease: lease)
        #expect(
            outcome
                == .scanComplete(
                    ScanCompleteOutcome(
                        scanID: "s", rootUnavailable: false, vanishedFolderIDs: [2, 4],
                        problems: ["\"/music/locked\" cannot be read", "\"/music/ignored\" asks"])))
        #expect(broker.state.withLock { $0.listings.map(\.path.display) } == ["/music/here"])
    }

    @Test("Of a folder alone, those in it that are there are left alone with all below; nobody is told of them")
    func shallow() async throws {
        broker.state.withLock {
            $0.known = [
                KnownFolder(id: 1, path: FilePath("/music")), KnownFolder(id: 2, path: FilePath("/music/there/deep")),
                KnownFolder(id: 3, path: FilePath("/music/gone")),
                KnownFolder(id: 4, path: FilePath("/music/gone/deep")),
            ]
        }
        let walker = ScriptedWalker(
            listings: [FolderListing(path: FilePath("/music"), files: [])],
            problems: [.unasked(FilePath("/music/there")), .unasked(FilePath("/music/new"))], expectsShallow: true)
        let scan = TaskPayload.scanLibrary(
            ScanLibraryPayload(
                path: FilePath("/music"), rootPath: FilePath("/music"), scanID: "s", mode: .quick, priority: .normal,
                until: nil, isShallow: true))
        let outcome = try await handlers(walker).handle(scan, lease: lease)
        #expect(
            outcome
                == .scanComplete(
                    ScanCompleteOutcome(
                        scanID: "s", rootUnavailable: false, vanishedFolderIDs: [3, 4], problems: [])))
    }

    @Test("What a report asks to look at is looked at, and what is gone is in the next report, if only for this")
    func gone() async throws {
        let (moved, linked) = (FilePath("/music/other/moved.flac"), FilePath("/music/other/linked.flac"))
        broker.state.withLock { $0.suspects = [linked, moved] }
        let walker = ScriptedWalker(
            listings: [FolderListing(path: FilePath("/music/here"), files: [])], stillThere: [linked])
        _ = try await handlers(walker).handle(scan, lease: lease)
        #expect(broker.state.withLock { $0.gone } == [moved])
        #expect(broker.state.withLock { $0.reports } == 2)
    }

    @Test("An absent root marks nothing as vanished")
    func absentRoot() async throws {
        broker.state.withLock { $0.known = [KnownFolder(id: 1, path: FilePath("/music/here"))] }
        let outcome = try await handlers(ScriptedWalker(rootIsGone: true)).handle(scan, lease: lease)
        guard case .scanComplete(let complete) = outcome else { return }
        #expect(complete.rootUnavailable)
        #expect(complete.vanishedFolderIDs.isEmpty)
    }

    @Test("A cancelled scan stops at its next report")
    func cancelledScan() async throws {
        broker.state.withLock { $0.stopAfterReports = 1 }
        let folders = (0..<500).map { FolderListing(path: FilePath("/music/\($0)"), files: []) }
        await #expect(throws: CancellationError.self) {
            try await handlers(ScriptedWalker(listings: folders)).handle(scan, lease: lease)
        }
        #expect(broker.state.withLock { $0.reports } == 1)
    }

    @Test("Known audio is not listened to again, unless that is asked for", arguments: [false, true])
    func knownContent(refresh: Bool) async throws {
        broker.state.withLock { $0.analyzedKeys = ["key of /music/a.mp3"] }
        let payload = AnalyzeAudioPayload(
            trackID: 9, filePath: FilePath("/music/a.mp3"), rootPath: FilePath("/music"), scanID: nil,
            refresh: refresh)
        let outcome = try await handlers().handle(.analyzeAudio(payload), lease: lease)
        guard case .analysisComplete(let complete) = outcome else { return }
        #expect(complete.contentKey == "key of /music/a.mp3")
        #expect((complete.analysis != nil) == refresh)
    }

    @Test(
        "Who listens in windows is content with a full analysis, but who listens in full not with one of windows",
        arguments: AnalysisMode.allCases, AnalysisMode.allCases)
    func modes(known: AnalysisMode, own: AnalysisMode) async throws {
        broker.state.withLock { state in
            state.analyzedKeys = ["key of /music/a.mp3"]
            state.analyzedVersions = [known.version]
        }
        let payload = AnalyzeAudioPayload(
            trackID: 9, filePath: FilePath("/music/a.mp3"), rootPath: FilePath("/music"), scanID: nil)
        let worker = Handlers(
            walker: ScriptedWalker(), media: ScriptedMedia(), broker: broker, models: [], analysis: own)
        let outcome = try await worker.handle(.analyzeAudio(payload), lease: lease)
        guard case .analysisComplete(let complete) = outcome else { return }
        #expect((complete.analysis != nil) == (known == .windows && own == .full))
    }

    @Test(
        "Who makes fingerprints listens again where there is none", arguments: [false, true], [false, true])
    func fingerprints(known: Bool, wanted: Bool) async throws {
        broker.state.withLock { state in
            state.analyzedKeys = ["key of /music/a.mp3"]
            state.hasFingerprints = known
        }
        let payload = AnalyzeAudioPayload(
            trackID: 9, filePath: FilePath("/music/a.mp3"), rootPath: FilePath("/music"), scanID: nil)
        let worker = Handlers(
            walker: ScriptedWalker(), media: ScriptedMedia(), broker: broker, models: [], wantsFingerprint: wanted)
        guard case .analysisComplete(let complete) = try await worker.handle(.analyzeAudio(payload), lease: lease)
        else { return }
        #expect((complete.analysis != nil) == (wanted && !known))
    }

    private final class Source: MetadataSource {
        let source: ServiceID
        let kinds: Set<OutsideSubject.Kind> = [.track, .album, .artist]
        let language: String? = nil
        let pauseSeconds: Double = 0

        init(_ source: ServiceID) { self.source = source }

        func facts(of subject: OutsideSubject) async throws -> OutsideFacts? { nil }
    }

    @Test(
        "A kind of task sleeps while all services for it that are set up are left alone; no other service counts",
        arguments: [
            // Nobody was asked yet.
            ([:], [.submitListens, .downloadTrack, .enrichArtist, .enrichAlbum, .indexFile], 0),
            // Napster and MusicBrainz are not sources here, so that they are well helps nobody.
            ([.lastfm: 50, .listenbrainz: 20, .napster: 0, .slskd: 0], [.downloadTrack, .indexFile], 0),
            ([.lastfm: 50, .listenbrainz: 0, .slskd: 9], [.submitListens, .enrichArtist, .indexFile], 0),
            (
                [.lastfm: 0, .listenbrainz: 50],
                [.submitListens, .downloadTrack, .enrichArtist, .enrichAlbum, .indexFile], 0
            ),
        ] as [([ServiceID: Double], Set<TaskKind>, Double)])
    func pauses(seconds: [ServiceID: Double], awake: Set<TaskKind>, pause: Double) {
        let handlers = Handlers(
            walker: ScriptedWalker(), media: ScriptedMedia(), broker: broker, models: [],
            sources: [Source(.lastfm), Source(.listenbrainz)],
            pauses: seconds.mapValues { seconds in { seconds } })
        let found = handlers.awake([.submitListens, .downloadTrack, .enrichArtist, .enrichAlbum, .indexFile])
        #expect(Set(found.kinds) == awake && found.pause == .seconds(pause))
    }

    @Test("A lane in which all kinds sleep is told for how long, and looks again after a minute at the latest")
    func pauseOfLane() {
        let handlers = Handlers(
            walker: ScriptedWalker(), media: ScriptedMedia(), broker: broker, models: [],
            sources: [Source(.lastfm)],
            pauses: [.lastfm: { 3000 }, .listenbrainz: { 40 }, .slskd: { 7 }])
        #expect(handlers.awake([.submitListens, .downloadTrack]).kinds.isEmpty)
        #expect(handlers.awake([.submitListens, .downloadTrack]).pause == .seconds(7))
        #expect(handlers.awake([.submitListens]).pause == .seconds(40))
        #expect(handlers.awake([.enrichAlbum]).pause == .seconds(60))
    }

    @Test("A task without a root folder is refused")
    func missingRoot() async throws {
        let payload = IndexFilePayload(filePath: FilePath("/etc/passwd"), rootPath: nil, scanID: nil, priority: nil)
        await #expect(throws: Failure(.invalidPayload, "root_path is missing")) {
            try await handlers().handle(.indexFile(payload), lease: lease)
        }
    }
}
