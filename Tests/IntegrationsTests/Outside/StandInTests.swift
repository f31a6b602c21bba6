import Domain
import Foundation
import Integrations
import StandIns
import Testing
import UseCases

/// The adapters against services that speak the real protocols, over HTTP.
@Suite(.timeLimit(.minutes(2))) struct StandInTests {
    private static func fleet(_ change: (inout Fleet.Settings) -> Void = { _ in }) async throws -> Fleet {
        var settings = Fleet.Settings(downloads: FileManager.default.temporaryDirectory)
        change(&settings)
        return try await Fleet(
            [.lastfm, .listenbrainz], settings: settings, searchPath: ProcessInfo.processInfo.environment["PATH"] ?? "")
    }

    private static func caller(_ server: StandInServer, path: String = "") throws -> HTTPCaller {
        var options = HTTPCaller.Options()
        options.tries = 1
        options.blockingStatuses = ServiceProfile.of(.lastfm).blockingStatuses
        options.policy = ServicePolicy(requestsPerSecond: 1000, requestsAtOnce: 1000)
        return HTTPCaller(service: server.name, address: try ServiceAddress(server.url + path), options: options)
    }

    private static func listen(_ title: String, at time: Int64) -> Domain.Listen {
        Domain.Listen(artist: "Marled Field", title: title, startedAt: time)
    }

    private static var now: Int64 { Int64(Date().timeIntervalSince1970) }

    // MARK: Last.fm

    private static func lastFM(_ fleet: Fleet) throws -> (LastFM, StandInServer) {
        let server = try #require(fleet[.lastfm])
        let key = fleet.settings.lastFM.firstKey
        let secret = try #require(fleet.settings.lastFM.secrets[key])
        let adapter = LastFM(
            caller: try caller(server, path: "/2.0"), key: Credential(key), secret: Credential(secret), language: nil)
        return (adapter, server)
    }

    @Test("Last.fm tells of tracks, albums and artists, and knows nothing of others")
    func lastFMFacts() async throws {
        let fleet = try await Self.fleet()
        let (service, _) = try Self.lastFM(fleet)
        let artist = try #require(try await service.facts(of: .artist(ArtistQuestion(name: "Marled Field"))))
        #expect(artist.name == "Marled Field" && artist.listeners ?? 0 > 0)
        #expect(!artist.tags.isEmpty && !artist.similar.isEmpty)
        #expect(artist.images.isEmpty, "the star is no picture")
        let album = AlbumQuestion(artist: "Marled Field", title: "Furrow Lines")
        #expect(try await service.facts(of: .album(album))?.name == "Furrow Lines")
        let track = TrackQuestion(artist: "Marled Field", title: "First Light on Stubble")
        let facts = try #require(try await service.facts(of: .track(track)))
        #expect(facts.name == "First Light on Stubble" && facts.artist == "Marled Field")
        #expect(facts.durationMs ?? 0 > 1000, "milliseconds")
        for subject in [
            OutsideSubject.artist(ArtistQuestion(name: "Nobody At All 17")),
            .album(AlbumQuestion(artist: "Nobody At All 17", title: "None")),
            .track(TrackQuestion(artist: "Nobody At All 17", title: "None")),
        ] {
            #expect(try await service.facts(of: subject) == nil)
        }
        await fleet.stop()
    }

    @Test("Somebody signs in to Last.fm and scrobbles; each listen has its verdict")
    func lastFMScrobbles() async throws {
        let fleet = try await Self.fleet()
        let (service, server) = try Self.lastFM(fleet)
        let account = try await service.account(userName: "demo", password: HiddenText("furrow"))
        #expect(account.name == "demo")
        let wrong = await #expect(throws: Failure.self) {
            try await service.account(userName: "demo", password: HiddenText("wrong"))
        }
        #expect(wrong?.reason == .signInAgain)
        let listens = [Self.listen("Silt", at: Self.now - 100), Self.listen("Old", at: Self.now - 30 * 86_400)]
        let verdicts = try await service.submit(listens, for: account)
        #expect(verdicts.first == .accepted)
        guard case .ignored = verdicts.last else { return #expect(Bool(false), "\(verdicts)") }
        try await service.nowPlaying(listens[0], for: account)
        try await service.love(listens[0], loved: true, for: account)
        let stranger = ServiceAccount(name: "x", secret: HiddenText("00000000000000000000000000000000"))
        guard case .signInAgain = try await service.submit([listens[0]], for: stranger).first else {
            return #expect(Bool(false), "a session that nobody has was taken")
        }
        for fault in [Fault(.html), Fault(.half), Fault.status(500)] {
            server.faults.add(fault)
            for verdict in try await service.submit(listens, for: account) {
                guard case .retry = verdict else { return #expect(Bool(false), "\(fault.kind): \(verdict)") }
            }
            server.faults.clear()
        }
        await fleet.stop()
    }

    // MARK: ListenBrainz

    private static func listenBrainz(_ fleet: Fleet) throws -> (ListenBrainz, StandInServer) {
        let server = try #require(fleet[.listenbrainz])
        let adapter = ListenBrainz(
            caller: try caller(server, path: "/1"), labs: try caller(server),
            token: Credential(fleet.settings.listenBrainz.firstToken))
        return (adapter, server)
    }

    @Test("ListenBrainz takes listens but for the one that is wrong, and knows whose token it is")
    func listenBrainzListens() async throws {
        let fleet = try await Self.fleet()
        let (service, server) = try Self.listenBrainz(fleet)
        let account = try await service.account(token: HiddenText(fleet.settings.listenBrainz.firstToken))
        #expect(account.name == "demo")
        let wrong = await #expect(throws: Failure.self) { try await service.account(token: HiddenText("nobody's")) }
        #expect(wrong?.reason == .signInAgain)
        var listens = (0..<5).map { Self.listen("Silt", at: Self.now - 1000 - Int64($0)) }
        listens[3].startedAt = Self.now + 7200
        let verdicts = try await service.submit(listens, for: account)
        #expect(verdicts.count { $0 == .accepted } == 4)
        guard case .ignored = verdicts[3] else { return #expect(Bool(false), "\(verdicts)") }
        let stranger = ServiceAccount(name: "x", secret: HiddenText("nobody"))
        guard case .signInAgain = try await service.submit([listens[0]], for: stranger).first else {
            return #expect(Bool(false), "a token that nobody has was taken")
        }
        // A proxy's page with that status says nothing of any listen.
        for fault in [Fault.status(400), Fault(.html), Fault(.half)] {
            server.faults.add(fault)
            for verdict in try await service.submit(listens.filter { $0.startedAt < Self.now }, for: account) {
                guard case .retry = verdict else { return #expect(Bool(false), "\(fault.kind): \(verdict)") }
            }
            server.faults.clear()
        }
        await fleet.stop()
    }

    @Test("ListenBrainz finds a recording by its names, and tells what is similar")
    func listenBrainzFacts() async throws {
        let fleet = try await Self.fleet()
        let (service, _) = try Self.listenBrainz(fleet)
        let track = TrackQuestion(artist: "Marled Field", title: "First Light on Stubble", album: "Furrow Lines")
        let facts = try #require(try await service.facts(of: .track(track)))
        #expect(facts.name == "First Light on Stubble")
        let id = try #require(facts.musicBrainz.recording)
        #expect(facts.similar.map(\.match) == facts.similar.map(\.match).sorted(by: >))
        #expect(Set(facts.similar.map(\.musicBrainzID)).count == facts.similar.count)
        let byID = try await service.facts(of: .track(TrackQuestion(artist: "x", title: "y", recordingID: id)))
        #expect(byID?.musicBrainz.recording == id && byID?.artist == "Marled Field")
        #expect(try await service.facts(of: .track(TrackQuestion(artist: "Nobody 17", title: "None"))) == nil)
        await fleet.stop()
    }

    @Test("The end of a window is waited for, so that ListenBrainz never has to refuse")
    func listenBrainzWindow() async throws {
        let fleet = try await Self.fleet { settings in
            settings.listenBrainz.perToken = 2
            settings.listenBrainz.perAddress = 2
            settings.listenBrainz.windowSeconds = 1
        }
        let (service, server) = try Self.listenBrainz(fleet)
        let token = HiddenText(fleet.settings.listenBrainz.firstToken)
        for _ in 0..<5 { _ = try await service.account(token: token) }
        #expect(server.journal.entries.map(\.status) == [200, 200, 200, 200, 200])
        await fleet.stop()
    }
}
