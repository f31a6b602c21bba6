import Contracts
import Domain
import Logging
import Synchronization
import Testing

@testable import UseCases

/// A service that takes listens into a list, and fails when told to.
private final class Shelf: ScrobbleTarget, ListenHistory {
    struct State {
        var taken: [Listen] = []
        var asked = 0
        var playing: [String] = []
        /// The next submission is taken, and then this is thrown.
        var lostAnswer: Failure?
        var verdicts: [ListenVerdict]?
        var tells = true
        var historyFailure: Failure?
    }

    let source = ServiceID.lastfm
    let batchLimit = 50
    let state = Mutex(State())

    func nowPlaying(_ listen: Listen, for account: ServiceAccount) async throws {
        state.withLock { $0.playing.append(listen.title) }
    }

    func submit(_ listens: [Listen], for account: ServiceAccount) async throws -> [ListenVerdict] {
        try state.withLock { state in
            if let verdicts = state.verdicts { return verdicts }
            state.taken += listens
            if let lost = state.lostAnswer {
                state.lostAnswer = nil
                throw lost
            }
            return listens.map { _ in .accepted }
        }
    }

    func love(_ listen: Listen, loved: Bool, for account: ServiceAccount) async throws {}

    func listens(from: Int64, to: Int64, of account: ServiceAccount) async throws -> [HeardListen]? {
        try state.withLock { state in
            state.asked += 1
            if let failure = state.historyFailure { throw failure }
            guard state.tells else { return nil }
            return state.taken.filter { (from...to).contains($0.startedAt) }.map {
                // The service corrects names.
                HeardListen(startedAt: $0.startedAt, artist: $0.artist.uppercased(), title: "corrected")
            }
        }
    }
}

private struct Vault: CredentialVault {
    var isOpen = true
    var problem: StoreError?

    func opened(_ service: ServiceID, account: Int64) async throws -> OpenedConnection? {
        if let problem { throw problem }
        guard isOpen else { return nil }
        return OpenedConnection(account: ServiceAccount(name: "ada", secret: HiddenText("s")), connectedAt: 5)
    }
}

@Suite struct SubmitListensTests {
    private func payload(_ count: Int, inDoubt: Bool? = nil) -> SubmitListensPayload {
        SubmitListensPayload(
            accountID: 1, target: .lastfm,
            listens: (1...count).map {
                QueuedListen(
                    id: Int64($0), listen: Listen(artist: "A", title: "T\($0)", startedAt: 1000 + Int64($0)))
            }, inDoubt: inDoubt)
    }

    @Test("Listens go out once, and nobody is asked first when all is new")
    func fresh() async throws {
        let shelf = Shelf()
        let outcome = try await SubmitListens(targets: [shelf], vault: Vault()).run(payload(3), run: 1)
        #expect(outcome.verdicts.map(\.id) == [1, 2, 3] && outcome.verdicts.allSatisfy { $0.state == .sent })
        #expect(outcome.connectedAt == 5)
        #expect(shelf.state.withLock { $0.asked } == 0)
    }

    @Test("An answer that was lost costs no second listen: the service is asked what it has")
    func lostAnswer() async throws {
        let shelf = Shelf()
        shelf.state.withLock { $0.lostAnswer = Failure(.serviceError, "no answer") }
        let submit = SubmitListens(targets: [shelf], vault: Vault())
        let failure = await #expect(throws: Failure.self) { try await submit.run(payload(3), run: 1) }
        #expect(failure?.isPostponing == true, "the outbox is never a dead letter")
        let again = try await submit.run(payload(3), run: 2)
        #expect(again.verdicts.count == 3 && shelf.state.withLock { $0.taken.count } == 3)
        // Another task with one more: only that goes.
        let other = try await submit.run(payload(4, inDoubt: true), run: 1)
        #expect(
            other.verdicts.count == 4 && shelf.state.withLock { $0.taken.map(\.title) } == ["T1", "T2", "T3", "T4"])
    }

    @Test("Where the service cannot be asked, nothing is sent; where it will not tell, it is")
    func silentHistory() async throws {
        let shelf = Shelf()
        let submit = SubmitListens(targets: [shelf], vault: Vault())
        shelf.state.withLock { $0.historyFailure = Failure(.serviceUnavailable, "away", retryAfterSeconds: 700) }
        let failure = await #expect(throws: Failure.self) { try await submit.run(payload(2), run: 3) }
        #expect(failure?.retryAfterSeconds == 700 && shelf.state.withLock { $0.taken.isEmpty })
        shelf.state.withLock { ($0.historyFailure, $0.tells) = (nil, false) }
        #expect(try await submit.run(payload(2), run: 3).verdicts.count == 2)
    }

    @Test("However long a service failed, listens follow within a minute of its return; what is refused waits longer")
    func backOff() async throws {
        let shelf = Shelf()
        let submit = SubmitListens(targets: [shelf], vault: Vault())
        func waits(_ failure: Failure) async throws -> [Double?] {
            shelf.state.withLock { $0.historyFailure = failure }
            var waits: [Double?] = []
            for run in [2, 4, 40] {
                let failure = await #expect(throws: Failure.self) { try await submit.run(payload(2), run: run) }
                #expect(failure?.reason == .serviceUnavailable, "the outbox is never a dead letter")
                waits.append(failure?.retryAfterSeconds)
            }
            return waits
        }
        #expect(try await waits(Failure(.serviceError, "HTML")) == [20, 60, 60])
        #expect(try await waits(Failure(.serviceUnavailable, "away", retryAfterSeconds: 45)) == [45, 60, 60])
        #expect(try await waits(Failure(.serviceUnavailable, "away", retryAfterSeconds: 3600)) == [3600, 3600, 3600])
        #expect(try await waits(Failure(.serviceRefused, "no")) == [20, 80, 600])
    }

    @Test("What is known is told although the rest has to wait, or the account is turned away")
    func partly() async throws {
        let shelf = Shelf()
        let submit = SubmitListens(targets: [shelf], vault: Vault())
        shelf.state.withLock {
            $0.verdicts = [.accepted, .ignored("too old"), .retry(Failure(.serviceError, "x", retryAfterSeconds: 60))]
        }
        let some = try await submit.run(payload(3), run: 1)
        #expect(some.verdicts.map(\.state) == [.sent, .ignored] && some.retryAfterSeconds == 60)
        #expect(some.verdicts[1].detail == "too old")
        shelf.state.withLock { $0.verdicts = [.signInAgain("error 9"), .signInAgain("error 9")] }
        let none = try await submit.run(payload(2), run: 1)
        #expect(none.signInAgain == "error 9" && none.verdicts.isEmpty)
        shelf.state.withLock { $0.historyFailure = Failure(.signInAgain, "error 9") }
        #expect(try await submit.run(payload(2), run: 2).signInAgain == "error 9")
    }

    @Test("Without a connection there is nothing to say; without its key the outbox waits")
    func closed() async throws {
        let none = try await SubmitListens(targets: [Shelf()], vault: Vault(isOpen: false)).run(payload(1), run: 1)
        #expect(none.verdicts.isEmpty && none.signInAgain == nil)
        let lost = SubmitListens(targets: [Shelf()], vault: Vault(problem: .fatal("the key file is gone")))
        let failure = await #expect(throws: Failure.self) { try await lost.run(payload(1), run: 1) }
        #expect(failure?.isPostponing == true && failure?.message == "the key file is gone")
        let elsewhere = await #expect(throws: Failure.self) {
            try await SubmitListens(targets: [], vault: nil).run(payload(1), run: 1)
        }
        #expect(elsewhere?.isPostponing == true)
    }

    @Test("A listen is there when its second is, by name first, each one counted once")
    func matching() {
        func queued(_ id: Int64, _ title: String, _ time: Int64) -> QueuedListen {
            QueuedListen(id: id, listen: Listen(artist: "A", title: title, startedAt: time))
        }
        let two = [queued(1, "X", 10), queued(2, "Y", 10), queued(3, "Z", 11)]
        #expect(ArrivedListens.among(two, in: []) == [])
        #expect(
            ArrivedListens.among(two, in: [HeardListen(startedAt: 10, artist: "a", title: "y")]) == [2])
        #expect(
            ArrivedListens.among(two, in: [HeardListen(startedAt: 10, artist: "a", title: "other")]) == [1])
        #expect(
            ArrivedListens.among(
                two,
                in: [
                    HeardListen(startedAt: 10, artist: "q", title: "other"),
                    HeardListen(startedAt: 10, artist: "A", title: "X"),
                    HeardListen(startedAt: 12, artist: "A", title: "Z"),
                ]) == [1, 2])
    }

    @Test("Services are told what plays now, and one that fails is let be")
    func nowPlaying() async throws {
        let shelf = Shelf()
        var metadata = TrackMetadata()
        (metadata.title, metadata.artists) = ("Song", ["A"])
        let track = Track(
            id: 7, path: FilePath("/a"), state: .present, facts: FileFacts(size: 1, mtimeNs: 1, inode: 1, device: 1),
            metadata: metadata, properties: AudioProperties(codec: "mp3"), albumID: nil, artistIDs: [], coverHash: nil,
            contentKey: nil, analysis: nil, hasVector: false, addedAt: 0, indexedAt: 0)
        let now = NowPlaying(
            targets: [shelf], vault: Vault(),
            track: { id in
                guard id == 7 else { throw StoreError.notFound("none") }
                return track
            }, logger: Logger(label: "test"))
        let running = Task { await now.run() }
        for id in [9, 7] as [Int64] {
            now.tell(
                Play(id: 1, trackID: id, startedAt: 0, playedMs: nil, client: nil, isFinished: false, counts: false),
                account: 1)
        }
        while shelf.state.withLock({ $0.playing.isEmpty }) { try await Task.sleep(for: .milliseconds(5)) }
        running.cancel()
        await running.value
        #expect(shelf.state.withLock { $0.playing } == ["Song"])
    }
}
