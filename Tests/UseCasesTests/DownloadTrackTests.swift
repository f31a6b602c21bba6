import Contracts
import Domain
import Synchronization
import Testing
import UseCases

/// A download from search to library: which peer is asked, when it is left, and that nothing is done twice.
struct DownloadTrackTests {
    /// A service of scripted peers. A peer's script is what it says, look by look; the last is said for ever.
    private final class Peers: DownloadSource {
        struct State {
            var searches = 0
            var started: [String] = []
            var cancelled: [String] = []
            var looks: [String: Int] = [:]
        }

        let source = ServiceID.slskd
        let offers: [DownloadOffer]
        let scripts: [String: [DownloadProgress.State]]
        let refusing: Set<String>
        let state = Mutex(State())

        init(_ offers: [DownloadOffer], _ scripts: [String: [DownloadProgress.State]], refusing: Set<String> = []) {
            (self.offers, self.scripts, self.refusing) = (offers, scripts, refusing)
        }

        func search(_ question: DownloadQuestion) async throws -> [DownloadOffer] {
            state.withLock { $0.searches += 1 }
            return offers
        }

        func start(_ offer: DownloadOffer) async throws -> DownloadTicket {
            if refusing.contains(offer.peer) { throw Failure(.serviceRefused, "the peer is not there") }
            state.withLock { $0.started.append(offer.peer) }
            return DownloadTicket(peer: offer.peer, id: "of \(offer.peer)", fileName: offer.fileName)
        }

        func progress(of ticket: DownloadTicket) async throws -> DownloadProgress? {
            let look = state.withLock { state in
                state.looks[ticket.peer, default: 0] += 1
                return state.looks[ticket.peer, default: 1] - 1
            }
            guard let script = scripts[ticket.peer], let last = script.indices.last else { return nil }
            return DownloadProgress(state: script[min(look, last)], receivedBytes: 0, sizeBytes: 9, placeInQueue: 3)
        }

        func cancel(_ ticket: DownloadTicket) async throws { state.withLock { $0.cancelled.append(ticket.peer) } }
        func localPath(of ticket: DownloadTicket) async throws -> FilePath? { FilePath("/in/\(ticket.peer).flac") }
    }

    /// In memory; `dieAfter` notes the process is gone.
    private final class Journal: DownloadJournal {
        struct Died: Error {}

        let notes = Mutex<[DownloadNote]>([])
        let plan: Mutex<DownloadPlan>
        let dieAfter: Int
        let isCancelled = Mutex(false)

        init(_ plan: DownloadPlan = DownloadPlan(), dieAfter: Int = .max) {
            self.plan = Mutex(plan)
            self.dieAfter = dieAfter
        }

        func plan(of id: String) async throws -> DownloadPlan { plan.withLock(\.self) }

        func note(_ note: DownloadNote, of id: String) async throws {
            if isCancelled.withLock(\.self) { throw CancellationError() }
            let count = notes.withLock { notes in
                notes.append(note)
                return notes.count
            }
            plan.withLock { $0 = note.plan }
            if count >= dieAfter { throw Died() }
        }
    }

    private final class Shelf: DownloadShelf {
        let root = FilePath("/music")
        let files: Mutex<[String: Int64]>
        let moves = Mutex(0)
        /// Looks until a file is to be seen where the service left it.
        let looksLeft: Mutex<Int>

        init(_ files: [String: Int64] = [:], after looks: Int = 0) {
            self.files = Mutex(files)
            looksLeft = Mutex(looks)
        }

        func finished(_ offer: DownloadOffer, at path: FilePath?) async throws -> MediaFile? {
            let isEarly = looksLeft.withLock { looks in
                looks -= 1
                return looks >= 0
            }
            if isEarly { return nil }
            let path = path ?? FilePath("/in/\(offer.peer).flac")
            guard files.withLock({ $0[path.display] }) == offer.sizeBytes else { return nil }
            return MediaFile(path: path, root: FilePath("/in"))
        }

        func place(for components: [String]) async throws -> FilePath {
            components.reduce(root) { $0.appending(Array($1.utf8)) }
        }

        func holds(_ target: FilePath, sizeBytes: Int64) async throws -> Bool {
            files.withLock { $0[target.display] } == sizeBytes
        }

        func move(_ file: MediaFile, to target: FilePath) async throws {
            moves.withLock { $0 += 1 }
            files.withLock { $0[target.display] = $0.removeValue(forKey: file.path.display) }
        }

        func discard(_ file: MediaFile) async { files.withLock { $0[file.path.display] = nil } }
    }

    private static func offer(_ peer: String, _ ending: String = "flac") -> DownloadOffer {
        DownloadOffer(peer: peer, fileName: "@@x\\\(peer).\(ending)", sizeBytes: 9, durationMs: 1000)
    }

    private let payload = DownloadTrackPayload(
        downloadID: "d", question: DownloadQuestion(artist: "A", title: "T", album: "B"))
    /// The title is what the tags say, which the media of these tests make of the file's path.
    private static func target(_ peer: String) -> String { "/music/A/B/_in_\(peer).flac.flac" }

    private func run(_ peers: Peers, _ journal: Journal, _ shelf: Shelf) async throws -> Outcome {
        var pace = DownloadPace()
        pace.pause = { _ in }
        pace.queueLimit = .seconds(20)
        pace.stallLimit = .seconds(10)
        let naming = try #require(LibraryName(template: LibraryName.defaultTemplate))
        let handlers = Handlers(
            walker: ScriptedWalker(), media: ScriptedMedia(), broker: ScriptedBroker(), models: [],
            downloadTrack: DownloadTrack(
                source: peers, journal: journal, media: ScriptedMedia(), shelf: shelf, naming: naming, pace: pace))
        return try await handlers.handle(.downloadTrack(payload), lease: Lease(taskID: 1, token: 1))
    }

    private func path(_ outcome: Outcome) -> String? {
        guard case .downloadComplete(let complete) = outcome else { return nil }
        return complete.filePath.display
    }

    @Test(
        "A peer that rejects, one that fails, one that is gone, one that stalls: the next is asked, until one gives it")
    func peers() async throws {
        let names = ["rejects", "fails", "gone", "stalls", "waits", "gives", "spare"]
        let peers = Peers(
            names.map { Self.offer($0) },
            [
                "rejects": [.waiting, .rejected("no")], "fails": [.running, .failed("timed out")], "stalls": [.running],
                "waits": [.waiting], "gives": [.waiting, .running, .done],
            ], refusing: ["gone"])
        let (journal, shelf) = (Journal(), Shelf(["/in/gives.flac": 9]))
        #expect(path(try await run(peers, journal, shelf)) == Self.target("gives"))
        let state = peers.state.withLock(\.self)
        #expect(state.started == ["rejects", "fails", "stalls", "waits", "gives"] && state.searches == 1)
        #expect(
            state.cancelled == ["rejects", "fails", "stalls", "waits"], "nobody goes on sending what is not wanted")
        #expect(journal.plan.withLock(\.self).problems.count == 5)
        #expect(shelf.files.withLock { $0.keys.sorted() } == [Self.target("gives")])
    }

    @Test("Killed after any step, the next try goes on: one search, one download, one file")
    func killed() async throws {
        for death in 1...4 {
            let peers = Peers([Self.offer("a"), Self.offer("b")], ["a": [.running, .done], "b": [.done]])
            let shelf = Shelf(["/in/a.flac": 9, "/in/b.flac": 9])
            let dying = Journal(dieAfter: death)
            await #expect(throws: Journal.Died.self) { try await run(peers, dying, shelf) }
            let next = Journal(dying.plan.withLock(\.self))
            #expect(path(try await run(peers, next, shelf)) == Self.target("a"))
            let state = peers.state.withLock(\.self)
            #expect(state.searches == 1, "\(death)")
            #expect(state.started.allSatisfy { $0 == "a" } && state.started.count == 1, "\(death): \(state.started)")
            #expect(shelf.moves.withLock(\.self) == 1, "\(death)")
        }
    }

    @Test("Killed between the move and its report, nothing is fetched again")
    func reported() async throws {
        var plan = DownloadPlan()
        plan.take([Self.offer("a")], preferring: .any)
        plan.ticket = DownloadTicket(peer: "a", id: "of a", fileName: "x")
        plan.target = FilePath(Self.target("a"))
        let (peers, shelf) = (Peers([], [:]), Shelf([Self.target("a"): 9]))
        #expect(path(try await run(peers, Journal(plan), shelf)) == Self.target("a"))
        #expect(peers.state.withLock { $0.searches + $0.started.count } == 0 && shelf.moves.withLock(\.self) == 0)
    }

    @Test("A file of another size, or of another length, is not taken")
    func wrong() async throws {
        var long = Self.offer("long")
        long.durationMs = 200_000
        let peers = Peers(
            [Self.offer("short"), long, Self.offer("good")], ["short": [.done], "long": [.done], "good": [.done]])
        let shelf = Shelf(["/in/short.flac": 5, "/in/long.flac": 9, "/in/good.flac": 9])
        let journal = Journal()
        #expect(path(try await run(peers, journal, shelf)) == Self.target("good"))
        let problems = journal.plan.withLock(\.self).problems
        #expect(problems.count == 2 && problems[0].contains("none of 9 bytes"))
        #expect(problems[1] == "long: it lasts 1 s, 200 s were offered")
        #expect(shelf.files.withLock { $0["/in/long.flac"] } == nil, "what is no good is thrown away")
    }

    @Test("A file that comes to its place a while after it was said to be there is waited for, and no longer")
    func late() async throws {
        let peers = Peers([Self.offer("slow"), Self.offer("next")], ["slow": [.done], "next": [.done]])
        let looks = DownloadPace().arrivalLooks
        let (journal, shelf) = (Journal(), Shelf(["/in/slow.flac": 9], after: looks))
        #expect(path(try await run(peers, journal, shelf)) == Self.target("slow"))
        #expect(peers.state.withLock(\.started) == ["slow"] && journal.plan.withLock(\.problems).isEmpty)

        let again = Peers(peers.offers, peers.scripts)
        let later = Shelf(["/in/slow.flac": 9, "/in/next.flac": 9], after: looks + 1)
        #expect(path(try await run(again, Journal(), later)) == Self.target("next"))
        #expect(again.state.withLock(\.started) == ["slow", "next"])
    }

    @Test("When nobody has it, or none gives it, the task fails for good; another try searches anew")
    func nobody() async throws {
        let nothing = await failure { try await run(Peers([Self.offer("a", "exe")], [:]), Journal(), Shelf()) }
        #expect(nothing?.reason == .serviceRefused && nothing?.message.contains("nobody") == true)
        let peers = Peers([Self.offer("a")], ["a": [.rejected("no")]])
        let journal = Journal()
        let none = await failure { try await run(peers, journal, Shelf()) }
        #expect(none?.reason == .serviceRefused && none?.message.contains("a: it was rejected: no") == true)
        #expect(journal.plan.withLock(\.self).offers == nil)
    }

    private func failure(_ body: () async throws -> Outcome) async -> Failure? {
        do {
            _ = try await body()
            return nil
        } catch {
            return error as? Failure
        }
    }

    @Test("Cancelled while it begins, the service is told")
    func cancelled() async throws {
        var plan = DownloadPlan()
        plan.take([Self.offer("a")], preferring: .any)
        let (peers, journal) = (Peers([], ["a": [.running]]), Journal(plan))
        journal.isCancelled.withLock { $0 = true }
        await #expect(throws: CancellationError.self) { try await run(peers, journal, Shelf()) }
        #expect(peers.state.withLock(\.self).cancelled == ["a"])
    }
}
