import Domain
import Foundation
import Integrations
import Testing
import UseCases

@testable import sillon

@Suite struct ServiceSettingsTests {
    private func settings(_ variables: [String: String]) throws -> ServiceSettings {
        try ServiceSettings(
            SettingReader(
                environment: Environment(variables: variables, currentFolder: "/", standardErrorIsTerminal: false)))
    }

    @Test("Every service has an address of its own shape, and one that nobody named may not lead inside")
    func defaults() throws {
        let plain = try settings([:])
        #expect(plain[.musicbrainz].address?.url == "https://musicbrainz.org/ws/2")
        #expect(plain[.slskd].address == nil && plain[.napster].address == nil && plain[.openai].address == nil)
        for service in ServiceID.allCases {
            #expect(!plain[service].isNamed && plain[service].key == nil && plain[service].rate == nil)
            let named = try settings(["SILLON_\(service.rawValue.uppercased())_URL": "http://127.0.0.1:1/x/"])[service]
            #expect(named.isNamed && named.address?.url == "http://127.0.0.1:1/x")
        }
    }

    @Test("Keys come from files or variables, and are shown nowhere")
    func keys() throws {
        let file = FileManager.default.temporaryDirectory.appending(path: "key-\(UUID().uuidString)")
        try Data("f1le-key\n".utf8).write(to: file)
        let settings = try settings([
            "SILLON_LASTFM_KEY_FILE": file.path, "SILLON_LASTFM_SECRET": "s3cret",
            "SILLON_LISTENBRAINZ_KEY": "t0ken", "SILLON_CONTACT": "me@example.org",
        ])
        #expect(settings[.lastfm].key != nil && settings[.lastfm].secret != nil && settings[.listenbrainz].key != nil)
        for word in ["f1le-key", "s3cret", "t0ken"] { #expect(!"\(settings)".contains(word)) }
        let outside = OutsideServices(settings: settings, models: [], gate: LocalServiceGate())
        #expect(outside.options(.musicbrainz).userAgent == "Sillon/\(Build.version) ( me@example.org )")
        #expect(!outside.options(.musicbrainz).isAddressNamed && outside.options(.ollama).isAddressNamed)
        #expect(outside.configured.map(\.name) == ["lastfm", "listenbrainz", "musicbrainz", "coverart"])
        try FileManager.default.removeItem(at: file)
    }

    @Test("A rate is one's own to set, and lets no more through at once than in a second")
    func rate() throws {
        let settings = try settings(["SILLON_LASTFM_RATE": "0.5", "SILLON_COVERART_HOSTS": "127.0.0.1:81, Nas.home:80"])
        let outside = OutsideServices(settings: settings, models: [], gate: LocalServiceGate())
        #expect(outside.options(.lastfm).policy.requestsPerSecond == 0.5)
        #expect(outside.options(.lastfm).policy.requestsAtOnce == 1)
        #expect(outside.options(.coverart).namedHosts == ["127.0.0.1:81", "nas.home:80"])
    }

    @Test(
        "What cannot work is said at the start, and no secret with it",
        arguments: [
            (["SILLON_LASTFM_URL": "ftp://x"], "SILLON_LASTFM_URL"),
            (["SILLON_LASTFM_URL": "http://x?api_key=s3cret"], "query"),
            (["SILLON_LASTFM_URL": "http://far.example", "SILLON_LASTFM_KEY": "s3cret"], "https"),
            (["SILLON_NAPSTER_URL": "http://far.example", "SILLON_NAPSTER_SECRET": "s3cret"], "https"),
            (["SILLON_SLSKD_KEY": "s3cret more"], "SILLON_SLSKD_KEY"),
            (["SILLON_SLSKD_KEY_FILE": "/does/not/exist"], "/does/not/exist"),
            (["SILLON_COVERART_HOSTS": "nas.home"], "SILLON_COVERART_HOSTS"),
            (["SILLON_MUSICBRAINZ_RATE": "0"], "SILLON_MUSICBRAINZ_RATE"),
            (["SILLON_CONTACT": "me)\r\nx: y"], "SILLON_CONTACT"),
        ])
    func refused(variables: [String: String], word: String) {
        let error = #expect(throws: CommandError.self) { try settings(variables) }
        #expect(error?.message.contains(word) == true && error?.message.contains("s3cret") == false)
    }

    @Test("At home slskd may speak plain HTTP")
    func home() throws {
        let settings = try settings(["SILLON_SLSKD_URL": "http://nas.home:5030", "SILLON_SLSKD_KEY": "key"])
        #expect(settings[.slskd].key != nil)
    }
}
