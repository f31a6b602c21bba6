import Foundation
import Programs
import Testing

@testable import StandIns

/// The clients that others wrote work against the stand-ins, so that these are not tuned to our own adapters.
@Suite struct ClientsTests {
    @Test("Clients from PyPI read, write and fail against the stand-ins as against the real services")
    func clients() async throws {
        let python = try await PythonClients.python()
        let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
        var settings = Fleet.Settings()
        settings.listenBrainz.windowSeconds = 2
        let fleet = try await Fleet(settings: settings, searchPath: path)
        var check = Program(
            python, [PythonClients.folder.appending(path: "check.py").path, fleet.checkOptions.text])
        check.isOutputHeard = true
        let end = try await check.finish()
        await fleet.stop()
        #expect(end.status == 0, "\(end.words)")
    }
}

extension Fleet {
    /// What `check.py` is told.
    fileprivate var checkOptions: JSON {
        let lastfm = settings.lastFM
        var options: [JSON.Member] = []
        if let server = self[.lastfm] {
            let secret = lastfm.secrets[lastfm.firstKey] ?? ""
            options.append(
                .init(
                    name: "lastfm",
                    value: [
                        "url": .string(server.url), "key": .string(lastfm.firstKey), "secret": .string(secret),
                    ]))
        }
        if let server = self[.listenbrainz] {
            options.append(
                .init(
                    name: "listenbrainz",
                    value: [
                        "url": .string(server.url), "token": .string(settings.listenBrainz.firstToken),
                    ]))
        }
        return .object(options)
    }
}
