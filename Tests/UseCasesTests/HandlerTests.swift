import Contracts
import Domain
import Synchronization
import Testing
import UseCases

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

    @Test("A task without a root folder is refused")
    func missingRoot() async throws {
        let payload = IndexFilePayload(filePath: FilePath("/etc/passwd"), rootPath: nil, scanID: nil, priority: nil)
        await #expect(throws: Failure(.invalidPayload, "root_path is missing")) {
            try await handlers().handle(.indexFile(payload), lease: lease)
        }
    }
}
