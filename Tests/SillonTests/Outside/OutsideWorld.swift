import Domain
import Foundation
import Integrations
import StandIns
import Synchronization
import TestSupport
import Testing

@testable import sillon

/// All services outside as stand-ins on one time, and places where nobody may be led.
final class OutsideWorld: Sendable {
    let fleet: Fleet
    let time: OutsideTime
    /// Listens where only this machine may.
    let inner: Tripwire
    private let folder: String
    /// Somebody whom the services know.
    private let users: [ServiceID: ServiceAccount]
    /// Silences that were waited for.
    private let silences = Mutex(0)

    init() async throws {
        let time = OutsideTime(start: Date().timeIntervalSince1970.rounded())
        folder = NSTemporaryDirectory() + "sillon-outside-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        fleet = try await Fleet(
            settings: Fleet.Settings(downloads: URL(filePath: folder)),
            searchPath: ProcessInfo.processInfo.environment["PATH"] ?? "", surroundings: time.surroundings)
        inner = try await Tripwire()
        users = try await Self.users(fleet)
        self.time = time
    }

    private static func users(_ fleet: Fleet) async throws -> [ServiceID: ServiceAccount] {
        let settings = fleet.settings.lastFM
        let server = try #require(fleet[.lastfm])
        let lastFM = LastFM(
            caller: HTTPCaller(service: "Last.fm", address: try ServiceAddress(server.url + "/2.0")),
            key: Credential(settings.firstKey), secret: settings.secrets[settings.firstKey].map(Credential.init),
            language: nil)
        return [
            .lastfm: try await lastFM.account(userName: "demo", password: HiddenText("furrow")),
            .listenbrainz: ServiceAccount(
                name: "demo", secret: HiddenText(fleet.settings.listenBrainz.firstToken)),
        ]
    }

    func stop() async throws {
        await fleet.stop()
        try FileManager.default.removeItem(atPath: folder)
    }

    /// A new library on a new database, whose worker asks these services; or another process with the library of `other`.
    func desk(
        edit: (inout ServiceSettings) throws -> Void = { _ in }, network: ServiceNetwork = .system,
        redis: RedisAddress? = nil, beside other: OutsideDesk? = nil
    ) async throws -> OutsideDesk {
        var settings = try ServiceSettings(
            SettingReader(
                environment: Environment(variables: variables, currentFolder: "/", standardErrorIsTerminal: false)))
        try edit(&settings)
        return try await OutsideDesk(
            settings: settings, network: network, time: time, clock: clock, users: users,
            folder: folder + "/\(UUID().uuidString)", redis: redis, beside: other)
    }

    private var variables: [String: String] {
        let lines = fleet.environment.filter { !$0.hasPrefix("#") }.map { $0.split(separator: "=", maxSplits: 1) }
        let named = Dictionary(uniqueKeysWithValues: lines.map { (String($0[0]), String($0[1])) })
        // MusicBrainz wants to know whom it can write to.
        return named.merging(["SILLON_CONTACT": "test@example.org"]) { $1 }
    }

    /// The time of a request is over as soon as it has met silence: then it goes by all at once.
    var clock: ServiceClock {
        time.clock { limit in
            while !self.takeSilence() { try await Task.sleep(for: .milliseconds(5)) }
            self.time.advance(limit / .seconds(1))
        }
    }

    private func takeSilence() -> Bool {
        let met = fleet.servers.reduce(0) { $0 + $1.journal.entries.count { $0.fault == Fault.Kind.silence.rawValue } }
        return silences.withLock { taken in
            guard met > taken else { return false }
            taken += 1
            return true
        }
    }

    // MARK: Troubles

    func begin(_ trouble: Trouble, of errand: Errand) async throws {
        let server = try server(errand, trouble)
        if trouble == .dead { await server.goAway() }
        if let fault = trouble.fault(inner: inner.url) { server.faults.add(fault) }
    }

    func end(_ trouble: Trouble, of errand: Errand) async throws {
        let server = try server(errand, trouble)
        server.faults.clear()
        if trouble == .dead { await server.comeBack() }
    }

    func requests(_ errand: Errand, _ trouble: Trouble) throws -> Int {
        try server(errand, trouble).journal.entries.count
    }

    /// The one that is in trouble: half a list of pictures comes from the archive, to which its front door leads.
    private func server(_ errand: Errand, _ trouble: Trouble) throws -> StandInServer {
        let name = errand == .coverArt && trouble == .halfABody ? "archive" : errand.service.rawValue
        return try #require(fleet.servers.first { $0.name == name })
    }

    func server(_ service: ServiceID) throws -> StandInServer {
        try #require(Fleet.Name(rawValue: service.rawValue).flatMap { fleet[$0] })
    }

    func port(_ service: ServiceID) throws -> Int {
        try server(service).port
    }
}
