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
        let downloads = FileManager.default.temporaryDirectory.appending(path: "sillon-clients-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: downloads, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: downloads) }  // a temporary folder
        var settings = Fleet.Settings(downloads: downloads)
        settings.slskd.timeScale = 0.2
        settings.listenBrainz.windowSeconds = 2
        settings.musicBrainz.perSecond = 1_000
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
        let url: (Name) -> JSON = { JSON(self[$0]?.url) }
        let key = settings.lastFM.firstKey
        return [
            "lastfm": ["url": url(.lastfm), "key": .string(key), "secret": JSON(settings.lastFM.secrets[key])],
            "listenbrainz": ["url": url(.listenbrainz), "token": .string(settings.listenBrainz.firstToken)],
            "musicbrainz": ["url": url(.musicbrainz), "coverart": url(.coverart)],
            "slskd": [
                "url": url(.slskd), "key": .string(settings.slskd.apiKey),
                "downloads": .string(settings.slskd.downloads.path),
            ],
        ]
    }
}
