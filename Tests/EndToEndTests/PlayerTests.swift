import Contracts
import Demo
import Domain
import TestSupport
import Testing

/// The player of the web pages in a real browser, over real music.
@Suite(.serialized, .timeLimit(.minutes(4)))
struct PlayerTests {
    /// The element that plays; two take turns.
    private static let playing = "[...document.querySelectorAll('#player audio')].find((audio) => !audio.paused)"
    private static let name = "document.querySelector('#now').textContent"

    @Test("Music plays on from page to page and after a reload, and the queue is the account's own")
    func queue() async throws {
        let library = try await Library()
        for (index, song) in library.songs.enumerated() {
            try library.tree.write(
                "Shelf/" + song.fileName,
                song.tagged { tags in
                    (tags.album, tags.albumArtist, tags.artists) = ("Shelf", "Marled Field", ["Marled Field"])
                    tags.trackNumber = index + 1
                })
        }
        let server = try await library.served()
        let browser = try await Browser.start(in: library.lab)
        try await browser.show(width: 1280, height: 900)
        try await browser.open(server.api.base + "/library")
        try await browser.signIn(with: server.api.token ?? "")
        try await browser.becomes("document.querySelector('.albums a') !== null")
        try await goingOn(browser, server)
        try await editing(browser, server)
        try await elsewhere(browser, server)
        #expect(browser.complaints == [])
        try await browser.close()
    }

    private func goingOn(_ browser: Browser, _ server: ServerProcess) async throws {
        try await browser.value("document.querySelector('.albums a').click()")
        try await browser.becomes("document.querySelector('#play-all') !== null")
        try await browser.click("#play-all")
        try await browser.becomes("\(Self.playing)?.currentTime > 0.2")
        try await browser.value("window.isSamePage = true")
        try await browser.value("document.querySelector('#player a[href=\"/library/queue\"]').click()")
        try await browser.becomes("location.pathname === '/library/queue' && \(Self.playing)?.currentTime > 0.5")
        #expect(try await browser.value("window.isSamePage === true") == true, "nothing was loaded anew")
        let saved = try await server.api.ask(.get, "/v1/me/queue")
        #expect(saved["track_ids"]?.list.count == 8 && saved["current_index"] == 0)
        #expect(saved["changed_by"] == "Sillon in a browser")
        try await browser.open(server.api.base + "/library/queue")
        try await browser.becomes("\(Self.playing)?.currentTime > 0.5")
        let plays = try await server.api.ask(.get, "/v1/plays").items
        #expect(plays.count == 1, "it is the same play, before and after")
    }

    private func editing(_ browser: Browser, _ server: ServerProcess) async throws {
        let before = try await server.api.ask(.get, "/v1/me/queue")["track_ids"]?.list ?? []
        try await browser.value("document.querySelectorAll('.tracks form button')[1].click()")
        try await browser.becomes("document.querySelectorAll('.tracks li').length === 7")
        let after = try await server.api.ask(.get, "/v1/me/queue")["track_ids"]?.list ?? []
        #expect(after == [before[0]] + before.dropFirst(2))
        let next = try await server.api.ask(.get, "/v1/tracks/\(after[1].int ?? 0)")["title"]?.text ?? "?"
        try await browser.becomes(
            "document.querySelector('#after').textContent.startsWith(\(ContractJSON.encode("Next: " + next)))")
        try await browser.click("#skip")
        try await browser.becomes("\(Self.name).startsWith(\(ContractJSON.encode(next)))")
        try await browser.value("document.querySelector('input[name=name]').value = 'Evening'")
        try await browser.value("document.querySelector('form.keep button').click()")
        try await browser.becomes("location.pathname.startsWith('/library/playlists/')")
        #expect(try await browser.value("document.querySelector('h1').textContent") == "Evening")
        #expect(try await browser.value("\(Self.playing) !== undefined") == true, "forms do not stop the music")
        let lists = try await server.api.ask(.get, "/v1/playlists").items
        #expect(lists.count == 1 && lists.first?["track_count"] == 7)
    }

    /// Another player takes over: this one goes on from there when somebody comes back to it.
    private func elsewhere(_ browser: Browser, _ server: ServerProcess) async throws {
        let before = try await server.api.ask(.get, "/v1/me/queue")["changed_at"]
        try await browser.click("#toggle")
        try await browser.becomes("\(Self.playing) === undefined")
        // A player that stops tells where: the last who saves wins.
        try await until("the pause is saved") {
            try await server.api.ask(.get, "/v1/me/queue")["changed_at"] != before
        }
        let ids = try await server.api.ask(.get, "/v1/me/queue")["track_ids"]?.list ?? []
        _ = try await server.api.ask(
            .put, "/v1/me/queue",
            ["track_ids": .array([ids[3], ids[4]]), "current_index": 1, "position_ms": 1500, "client": "Phone"])
        let title = try await server.api.ask(.get, "/v1/tracks/\(ids[4].int ?? 0)")["title"]?.text ?? "?"
        try await browser.value("document.dispatchEvent(new Event('visibilitychange'))")
        try await browser.becomes("\(Self.name).startsWith(\(ContractJSON.encode(title)))")
        #expect(try await browser.value("\(Self.playing) === undefined") == true, "nobody asked it to play")
        try await browser.click("#toggle")
        try await browser.becomes("\(Self.playing)?.currentTime > 1.5")
        for (width, isDark) in [(1280, false), (1280, true), (360, false)] {
            try await browser.show(width: width, height: 800, isDark: isDark)
            try await browser.becomes("document.documentElement.scrollWidth <= \(width)")
            try await browser.picture("player-\(width)-\(isDark ? "dark" : "light")")
        }
    }
}
