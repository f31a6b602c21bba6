import Contracts
import Domain
import Logging
import Testing
import UseCases

/// Downloads beside each other: hours in one peer's queue are nobody else's.
@Suite(.timeLimit(.minutes(1))) struct DownloadLaneTests {
    /// One peer that shares everything; what is called "Stuck" never begins.
    private struct Peer: DownloadSource {
        let source = ServiceID.slskd

        func search(_ question: DownloadQuestion) async throws -> [DownloadOffer] {
            [DownloadOffer(peer: "p", fileName: "\\\(question.title).flac", sizeBytes: 9, durationMs: 1000)]
        }

        func start(_ offer: DownloadOffer) async throws -> DownloadTicket {
            DownloadTicket(peer: offer.peer, id: offer.fileName, fileName: offer.fileName)
        }

        func progress(of ticket: DownloadTicket) async throws -> DownloadProgress? {
            let state: DownloadProgress.State = ticket.fileName.contains("Stuck") ? .waiting : .done
            return DownloadProgress(state: state, receivedBytes: 0, sizeBytes: 9)
        }

        func cancel(_ ticket: DownloadTicket) async throws {}
        func localPath(of ticket: DownloadTicket) async throws -> FilePath? { FilePath("/in/" + ticket.fileName) }
    }

    private struct Notebook: DownloadJournal {
        func plan(of id: String) async throws -> DownloadPlan { DownloadPlan() }
        func note(_ note: DownloadNote, of id: String) async throws {}
    }

    private struct Shelf: DownloadShelf {
        let root = FilePath("/music")

        func finished(_ offer: DownloadOffer, at path: FilePath?) async throws -> MediaFile? {
            path.map { MediaFile(path: $0, root: FilePath("/in")) }
        }

        func place(for components: [String]) async throws -> FilePath { root.appending(Array("x.flac".utf8)) }
        func holds(_ target: FilePath, sizeBytes: Int64) async throws -> Bool { false }
        func move(_ file: MediaFile, to target: FilePath) async throws {}
        func discard(_ file: MediaFile) async {}
    }

    private func task(_ id: Int64, _ title: String) -> LeasedTask {
        let payload = DownloadTrackPayload(
            downloadID: "\(id)", question: DownloadQuestion(artist: "A", title: title))
        return LeasedTask(
            lease: Lease(taskID: id, token: id * 100), kind: .downloadTrack, version: 1,
            payload: TaskPayload.downloadTrack(payload).json(), run: 1)
    }

    @Test("A webhook that hangs holds up no other one")
    func deliveries() {
        let profile = DeviceProfile(model: "Pi", cores: 4, memoryBytes: 4 << 30)
        let lanes = WorkLane.plan(roles: [.downloader], profile: profile, services: [.deliverWebhook])
        #expect(lanes.count > 1 && lanes.allSatisfy { $0.kinds == [.deliverWebhook] && $0.batch == 1 })
    }

    @Test("A download that waits in a peer's queue holds up no other one")
    func besideEachOther() async throws {
        let broker = ScriptedBroker()
        var pace = DownloadPace()
        pace.pollInterval = .milliseconds(1)
        let profile = DeviceProfile(model: "Pi", cores: 4, memoryBytes: 4 << 30)
        let lanes = WorkLane.plan(roles: [.downloader], profile: profile, services: [.downloadTrack])
        #expect(lanes.count > 1 && lanes.allSatisfy { $0.kinds == [.downloadTrack] && $0.batch == 1 })
        let naming = try #require(LibraryName(template: LibraryName.defaultTemplate))
        var timing = Worker.Timing()
        timing.drainGrace = .milliseconds(20)
        let worker = Worker(
            registration: WorkerRegistration(
                id: 7, host: "here", processID: 1, roles: [.downloader], kinds: [.downloadTrack: 1], slots: [:],
                version: "test"),
            lanes: lanes, broker: broker,
            handlers: Handlers(
                walker: ScriptedWalker(), media: ScriptedMedia(), broker: broker, models: [],
                downloadTrack: DownloadTrack(
                    source: Peer(), journal: Notebook(), media: ScriptedMedia(), shelf: Shelf(), naming: naming,
                    pace: pace)),
            timing: timing, logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }))
        broker.add([task(1, "Stuck"), task(2, "First"), task(3, "Second")])
        async let running: Void = worker.run()
        let settled = await broker.settled(2)
        worker.stop()
        try await running
        #expect(settled.map(\.lease.taskID).sorted() == [2, 3])
        for one in settled {
            guard case .completed(.downloadComplete) = one.result else {
                Issue.record("\(one.lease.taskID): \(one.result)")
                continue
            }
        }
    }
}
