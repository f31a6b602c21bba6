import Domain
import Foundation
import Integrations
import StandIns
import Synchronization
import TestSupport
import Testing
import UseCases

/// The other adapters against services that speak the real protocols, over HTTP.
@Suite(.timeLimit(.minutes(2))) struct OtherStandInTests {
    private static func fleet(
        _ names: Set<Fleet.Name>, downloads: URL = FileManager.default.temporaryDirectory,
        surroundings: Surroundings = .real, _ change: (inout Fleet.Settings) -> Void = { _ in }
    ) async throws -> Fleet {
        var settings = Fleet.Settings(downloads: downloads)
        change(&settings)
        return try await Fleet(
            names, settings: settings, searchPath: ProcessInfo.processInfo.environment["PATH"] ?? "",
            surroundings: surroundings)
    }

    /// Each look at the clock takes two seconds, so that a quota of one request a second is never in the way.
    private static func leisurely() -> Surroundings {
        let clock = Leisure()
        return Surroundings(now: { clock.next() }, random: Surroundings.real.random)
    }

    private final class Leisure: Sendable {
        private let seconds = Mutex(1_700_000_000.0)

        func next() -> Double {
            seconds.withLock { seconds in
                seconds += 2
                return seconds
            }
        }
    }

    private static func caller(
        _ fleet: Fleet, _ name: Fleet.Name, path: String = "", hosts: Set<String> = []
    ) throws -> HTTPCaller {
        let server = try #require(fleet[name])
        var options = HTTPCaller.Options(try #require(ServiceID(rawValue: name.rawValue)))
        options.tries = 1
        options.policy = ServicePolicy(requestsPerSecond: 1000, requestsAtOnce: 1000)
        options.namedHosts = hosts
        options.userAgent = "Sillon/test ( test@example.org )"
        return HTTPCaller(service: server.name, address: try ServiceAddress(server.url + path), options: options)
    }

    private static let album = AlbumQuestion(artist: "Marled Field", title: "Furrow Lines", year: 1998)
    private static let track = TrackQuestion(artist: "Marled Field", title: "First Light on Stubble")

    // MARK: MusicBrainz

    @Test("MusicBrainz finds an album, a track and an artist by their names and knows nothing of others")
    func musicBrainz() async throws {
        let fleet = try await Self.fleet([.musicbrainz], surroundings: Self.leisurely())
        let server = try #require(fleet[.musicbrainz])
        let service = MusicBrainz(caller: try Self.caller(fleet, .musicbrainz, path: "/ws/2"))
        let album = try #require(try await service.facts(of: .album(Self.album)))
        #expect(album.name == "Furrow Lines" && album.artist == "Marled Field")
        let release = try #require(album.musicBrainz.release)
        let track = try #require(try await service.facts(of: .track(Self.track)))
        #expect(track.name == "First Light on Stubble" && track.musicBrainz.recording != nil)
        let artist = try #require(try await service.facts(of: .artist(ArtistQuestion(name: "Marled Field"))))
        #expect(artist.name == "Marled Field" && !artist.musicBrainz.artists.isEmpty)
        let byID = AlbumQuestion(artist: "x", title: "y", releaseID: release)
        #expect(try await service.facts(of: .album(byID))?.name == "Furrow Lines")
        #expect(try await service.facts(of: .track(TrackQuestion(artist: "Nobody 17", title: "None"))) == nil)
        let agents = server.journal.entries.map { $0.header("user-agent") }
        #expect(agents.allSatisfy { $0 == "Sillon/test ( test@example.org )" })
        await fleet.stop()
    }

    // MARK: The Cover Art Archive

    @Test("The archive's front cover is fetched along its redirects, which lead to another host; a bare album has none")
    func coverArt() async throws {
        let fleet = try await Self.fleet([.coverart])
        let archive = try #require(fleet.servers.first { $0.name == "archive" })
        let caller = try Self.caller(fleet, .coverart, hosts: ["127.0.0.1:\(archive.port)"])
        let service = CoverArtArchive(caller: caller, releases: nil)
        let release = try #require(Catalogue.demo.releases.first { $0.title == "Furrow Lines" })
        var question = Self.album
        question.releaseID = release.id
        let fronts = try await service.frontCovers(of: question)
        let first = try #require(fronts.first)
        let picture = try #require(try await service.fetch(first, bytesMax: 8 << 20))
        #expect(picture.bytes.prefix(2) == [0xFF, 0xD8] && picture.mediaType == "image/jpeg")
        var gone = first
        let bare = try #require(Catalogue.demo.releases.first { $0.coverSeed == nil })
        gone.address = first.address.replacing(release.id, with: bare.id)
        #expect(gone != first)
        #expect(try await service.fetch(gone, bytesMax: 8 << 20) == nil)
        question.releaseID = bare.id
        #expect(try await service.frontCovers(of: question).isEmpty)

        let strict = CoverArtArchive(caller: try Self.caller(fleet, .coverart), releases: nil)
        let before = archive.journal.entries.count
        question.releaseID = release.id
        let failure = await #expect(throws: Failure.self) { try await strict.frontCovers(of: question) }
        #expect(failure?.reason == .serviceError && failure?.message.contains("127.0.0.1") == true)
        #expect(archive.journal.entries.count == before, "nobody named that host")
        await fleet.stop()
    }

    // MARK: Napster

    @Test("Napster's catalogue is searched")
    func napster() async throws {
        let fleet = try await Self.fleet([.napster])
        let key = fleet.settings.napster.firstKey
        let service = Napster(
            caller: try Self.caller(fleet, .napster), key: Credential(key), secret: nil, clock: { 0 })
        #expect(try await service.facts(of: .track(Self.track))?.name == "First Light on Stubble")
        #expect(try await service.facts(of: .album(Self.album))?.artist == "Marled Field")
        #expect(try await service.facts(of: .artist(ArtistQuestion(name: "Marled Field")))?.name == "Marled Field")
        #expect(try await service.facts(of: .track(TrackQuestion(artist: "Nobody 17", title: "None"))) == nil)
        await fleet.stop()
    }

    // MARK: slskd

    private static func slskd(_ fleet: Fleet, key: String? = nil) throws -> Slskd {
        let clock = ServiceClock(
            now: ServiceClock.system.now, sleep: { _ in try await Task.sleep(for: .milliseconds(20)) }, unit: { 0.5 })
        return Slskd(
            caller: try caller(fleet, .slskd), key: Credential(key ?? fleet.settings.slskd.apiKey), clock: clock)
    }

    @Test(
        "slskd searches, fetches and says how far it is and where the file lies, in the versions before and since batches",
        arguments: ["0.22.5", "0.26.0"])
    func slskd(version: String) async throws {
        let downloads = FileManager.default.temporaryDirectory.appending(path: "slskd-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: downloads, withIntermediateDirectories: true)
        let fleet = try await Self.fleet([.slskd], downloads: downloads) { settings in
            settings.slskd.version = version
            settings.slskd.timeScale = 0.01
        }
        let service = try Self.slskd(fleet)
        let question = DownloadQuestion(artist: "Marled Field", title: "Frost Heave")
        let offers = try await service.search(question)
        #expect(offers.count > 1 && offers.map(\.score) == offers.map(\.score).sorted(by: >))
        #expect(!offers.contains { $0.peer == "locked_door" }, "what is locked is no offer")
        let offer = try #require(offers.first { $0.peer == "barn_owl" })
        let ticket = try await service.start(offer)
        #expect(try await service.start(offer) == ticket, "the same offer again is the same download")
        try await until("the file is there") { try await service.progress(of: ticket)?.state == .done }
        let path = try #require(try await service.localPath(of: ticket))
        let size = try FileManager.default.attributesOfItem(atPath: path.display)[.size] as? Int64
        #expect(size == offer.sizeBytes)
        try await service.cancel(ticket)
        #expect(try await service.progress(of: ticket) == nil)
        #expect(try await service.search(DownloadQuestion(artist: "Nobody 17", title: "None")).isEmpty)

        let refusing = try #require(offers.first { $0.peer == "moth" })
        let refused = try await service.start(refusing)
        try await until("the peer refuses") {
            guard case .rejected? = try await service.progress(of: refused)?.state else { return false }
            return true
        }
        let stranger = try Self.slskd(fleet, key: "another-key-of-nobody")
        let failure = await #expect(throws: Failure.self) { try await stranger.search(question) }
        #expect(failure?.reason == .serviceBlocked)
        await fleet.stop()
        try FileManager.default.removeItem(at: downloads)
    }

    @Test("A search whose answer is lost is not begun twice under one name, and a proxy's page is no beginning")
    func lostSearch() async throws {
        let fleet = try await Self.fleet([.slskd])
        let server = try #require(fleet[.slskd])
        var options = HTTPCaller.Options(.slskd)
        options.tries = 3
        let service = Slskd(
            caller: HTTPCaller(service: "slskd", address: try ServiceAddress(server.url), options: options),
            key: Credential(fleet.settings.slskd.apiKey))
        let question = DownloadQuestion(artist: "Marled Field", title: "Frost Heave")
        for fault in [Fault.status(500).afterProcessing, Fault(.html), Fault(.half)] {
            server.journal.clear()
            server.faults.add(fault)
            let failure = await #expect(throws: Failure.self) { try await service.search(question) }
            #expect(failure?.reason == .serviceError, "\(fault.kind)")
            #expect(server.journal.entries.map(\.method) == ["POST"], "\(fault.kind)")
            server.faults.clear()
        }
        await fleet.stop()
    }
}
