import Contracts
import Foundation
import StandIns
import TestSupport
import Testing

/// Accounts at services outside are connected in a real browser, at services that speak the real protocols.
@Suite(.serialized, .timeLimit(.minutes(4)))
struct ConnectionPageTests {
    private struct Bench {
        let fleet: StandIns.Fleet
        let lab: Lab
        let server: ServerProcess
        let browser: Browser
        /// By another name than the services', so that they are other sites for the browser, as in life.
        let home: String

        init() async throws {
            var settings = StandIns.Fleet.Settings(downloads: FileManager.default.temporaryDirectory)
            (settings.listenBrainz.perToken, settings.listenBrainz.perAddress) = (100_000, 100_000)
            fleet = try await StandIns.Fleet(
                [.lastfm, .listenbrainz, .napster], settings: settings,
                searchPath: ProcessInfo.processInfo.environment["PATH"] ?? "")
            var environment: [String: String] = [:]
            for line in fleet.environment where line.hasPrefix("SILLON_") {
                let parts = line.split(separator: "=", maxSplits: 1)
                environment[String(parts[0])] = String(parts[1])
            }
            environment["SILLON_LISTENBRAINZ_RATE"] = "500"
            lab = try Lab()
            server = try await ServerProcess.start(lab, .serve, environment: environment)
            browser = try await Browser.start(in: lab)
            home = server.api.base.replacing("127.0.0.1", with: "localhost")
        }

        func end() async throws {
            try await browser.close()
            await fleet.stop()
        }

        func signIn(to path: String = "/settings/connections") async throws {
            try await browser.open(home + path)
            try await browser.becomes("location.pathname === '/sign-in'")
            try await browser.signIn(with: server.api.token)
            try await browser.becomes("location.pathname === '\(path)'")
        }

        /// Presses a button of a service's box, as people do.
        func press(_ service: String, _ end: String) async throws {
            let button = "#\(service) form[action$=\"/\(end)\"] button"
            try await browser.becomes("document.querySelector('\(button)') !== null")
            try await browser.value("document.querySelector('\(button)').scrollIntoView()")
            try await browser.click(button)
        }

        func says(_ text: String, _ selector: String = ".notice") async throws {
            try await browser.becomes("document.querySelector('\(selector)')?.textContent.includes('\(text)') === true")
        }

        func order(_ service: StandIns.Fleet.Name, _ command: String) async throws {
            let control = try #require(fleet[service]).url + "/__control/" + command
            _ = try await Client(base: control).send(.post, "")
        }

        func connection(_ service: String) async throws -> JSONValue {
            let all = try await server.api.ask(.get, "/v1/me/services").items
            return try #require(all.first { $0["service"]?.text == service })
        }
    }

    @Test("Connect Last.fm, ListenBrainz and Napster, by their own pages and by token; look after them and part them")
    func journey() async throws {
        let bench = try await Bench()
        let browser = bench.browser
        try await browser.show(width: 1100, height: 1000)
        try await bench.signIn()
        try await browser.picture("connections-none")
        for (service, title) in [("lastfm", "Last.fm"), ("napster", "Napster")] {
            try await bench.press(service, "connect")
            try await bench.says("\(title) is connected.")
            let connection = try await bench.connection(service)
            #expect(connection["connected"] == true && connection["user_name"]?.text == "demo")
            #expect(try await browser.value("location.search.includes('state')") == false)
        }
        #expect(browser.complaints == [])
        try await browser.value("document.querySelector('#listenbrainz-token').focus()")
        try await browser.type("nobody's")
        try await browser.press("Enter")
        try await bench.says("ListenBrainz does not know this token")
        try await browser.value("document.querySelector('#listenbrainz-token').focus()")
        try await browser.type(bench.fleet.settings.listenBrainz.firstToken)
        try await browser.press("Enter")
        try await bench.says("ListenBrainz is connected.")
        try await bench.press("lastfm", "check")
        try await bench.says("Last.fm knows you.")
        try await renewal(bench)
        try await looks(bench)
        try await bench.press("lastfm", "disconnect")
        try await bench.says("Last.fm is disconnected.")
        #expect(try await bench.connection("lastfm")["connected"] == false)
        try await bench.end()
    }

    /// Napster's token ends, and is renewed; then nothing renews it, and its owner comes again.
    private func renewal(_ bench: Bench) async throws {
        try await bench.order(.napster, "expire")
        try await bench.press("napster", "check")
        try await bench.says("Napster knows you.")
        try await bench.order(.napster, "revoke")
        try await bench.press("napster", "check")
        try await bench.says("Has to be connected anew", "#napster .state.bad")
        #expect(try await bench.connection("napster")["problem"]?.text != nil)
    }

    private func looks(_ bench: Bench) async throws {
        let browser = bench.browser
        try await browser.picture("connections-light")
        try await browser.show(width: 1100, height: 1000, isDark: true)
        try await browser.picture("connections-dark")
        try await browser.show(width: 360, height: 900)
        try await browser.becomes("document.documentElement.scrollWidth <= 360")
        try await browser.picture("connections-narrow")
        try await browser.show(width: 1100, height: 1000)
        try await bench.press("napster", "connect")
        try await bench.says("Napster is connected.")
        #expect(try await bench.connection("napster")["problem"]?.text == nil)
        // From the top to the first button by keys alone.
        try await browser.value("document.activeElement.blur()")
        for _ in 0..<6 { try await browser.press("Tab") }
        #expect(try await browser.value("document.activeElement.closest('main, header') !== null") == true)
        #expect(
            try await browser.value(
                "[...document.querySelectorAll('main button, main input, main a')].every((one) => one.tabIndex === 0)")
                == true)
    }

    @Test("What comes back with another state, or in another session, connects nothing")
    func strangers() async throws {
        let bench = try await Bench()
        let browser = bench.browser
        try await bench.signIn()
        try await browser.open(bench.home + "/settings/connections/lastfm/callback?token=t&state=made-up")
        try await bench.says("begin it again")
        // Begun here, up to the service's page; the token that it gives is good.
        let begun = try await browser.value(
            """
            (async () => {
              const form = document.querySelector('#lastfm form');
              const body = new URLSearchParams(new FormData(form));
              const page = await (await fetch(form.action, { method: 'POST', body })).text();
              const there = new DOMParser().parseFromString(page, 'text/html').querySelector('main a').href;
              return new URL(new URL(there).searchParams.get('cb')).searchParams.get('state');
            })()
            """)
        let state = try #require(begun.text)
        #expect(state.count == 64)
        try await browser.click(".top form button")
        try await browser.becomes("location.pathname === '/sign-in'")
        try await bench.signIn()
        try await browser.open(bench.home + "/settings/connections/lastfm/callback?token=t&state=\(state)")
        try await bench.says("begin it again")
        #expect(try await bench.connection("lastfm")["connected"] == false)
        #expect(bench.fleet[.lastfm]?.journal.entries.isEmpty == true, "nothing was asked for a stranger")
        try await bench.end()
    }
}
