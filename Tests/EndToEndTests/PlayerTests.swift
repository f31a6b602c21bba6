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
        try await beside(browser, server)
        #expect(browser.complaints == [])
        try await signingOut(browser, server)
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
        try await browser.value("document.querySelectorAll('.tracks form button[value=remove]')[1].click()")
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

    /// Another tab of the browser, and a place that is looked for while nothing plays.
    private func beside(_ browser: Browser, _ server: ServerProcess) async throws {
        try await browser.value("window.other = new BroadcastChannel('sillon player'); other.postMessage('begins')")
        try await browser.becomes("\(Self.playing) === undefined")
        try await browser.value(
            """
            (() => {
              const seek = document.querySelector("#seek");
              seek.value = 2000;
              seek.dispatchEvent(new Event("change"));
            })()
            """)
        try await until("the place is saved") {
            try await server.api.ask(.get, "/v1/me/queue")["position_ms"] == 2000
        }
        try await browser.value("window.begun = 0; other.onmessage = () => { begun += 1; }")
        try await browser.click("#toggle")
        try await browser.becomes("begun === 1")
        try await browser.becomes("\(Self.playing)?.currentTime > 2.2")
    }

    /// Nothing of it is left to who comes next, and the play is told before the session ends.
    private func signingOut(_ browser: Browser, _ server: ServerProcess) async throws {
        #expect(
            try await browser.value("Object.keys(sessionStorage).some((key) => key.startsWith('playing '))") == true)
        let before = try await server.api.ask(.get, "/v1/plays").items.first?["play"]?["seconds_played"]
        try await browser.value("document.querySelector('form[action=\"/sign-out\"] button').click()")
        try await browser.becomes("document.querySelector('#token') !== null")
        #expect(try await browser.value("Object.keys(sessionStorage).length") == 0)
        let after = try await server.api.ask(.get, "/v1/plays").items.first?["play"]?["seconds_played"]
        #expect(after != .null && after != before, "\(String(describing: after))")
    }

    @Test("What others put into the queue is not overwritten, a radio outlives a form, and trouble has its reason")
    func meeting() async throws {
        let library = try await Library()
        let server = try await library.served()
        let browser = try await Browser.start(in: library.lab)
        try await browser.open(server.api.base + "/library")
        try await browser.signIn(with: server.api.token ?? "")
        try await browser.becomes("document.querySelector('#player') !== null")
        try await browser.value(
            """
            (async () => {
              const player = [...document.scripts].map((script) => script.src).find((src) => src.endsWith("/player.js"));
              window.parts = {
                ...await import(player.replace("player.js", "queue.js")),
                ...await import(player.replace("player.js", "deck.js")),
              };
            })()
            """)
        let ids = try await server.api.list("/v1/tracks").compactMap { $0["id"]?.int }
        try await adding(browser, server, ids)
        try await radio(browser, server, ids)
        let end = try await browser.value(
            """
            new Promise((done) => {
              const deck = new parts.Deck([new Audio(), new Audio()]);
              for (const name of ["ended", "trouble"]) deck.addEventListener(name, () => done(name));
              deck.put({ id: "\(ids[0])", codec: "flac", duration: 5000 }, 0, false);
              deck.retry();
              deck.seek(5000);
            })
            """)
        #expect(end == "ended", "who goes to the end of what is encoded is there")
        let reason = try await browser.value(
            """
            new Promise((done) => {
              const deck = new parts.Deck([new Audio(), new Audio()]);
              deck.addEventListener("trouble", async () => done(await deck.reason()));
              deck.put({ id: "999999", codec: "flac", duration: 1000 });
            })
            """)
        #expect(reason["status"] == 404 && reason["detail"]?.text?.isEmpty == false)
        try await browser.close()
    }

    private func save(_ ids: [Int64], _ index: Int, on server: ServerProcess) async throws {
        _ = try await server.api.ask(
            .put, "/v1/me/queue",
            [
                "track_ids": .array(ids.map { .integer($0) }), "current_index": .integer(Int64(index)),
                "client": "Another",
            ])
    }

    private func adding(_ browser: Browser, _ server: ServerProcess, _ ids: [Int64]) async throws {
        let list = "\(ids.prefix(3).map { "\($0)" })"
        try await browser.value("window.mine = new parts.Queue()")
        try await browser.value("mine.restore().then(() => mine.set(\(list))).then(() => mine.save(1000))")
        try await save(Array(ids.prefix(4)), 0, on: server)
        try await browser.value("mine.go(1); mine.save(2000)")
        let met = try await server.api.ask(.get, "/v1/me/queue")
        #expect(met["track_ids"]?.list.compactMap(\.int) == Array(ids.prefix(4)), "what was added is still there")
        #expect(met["current_index"] == 1 && met["position_ms"] == 2000)
        #expect(try await browser.value("mine.ids.length") == 4)
        // Another player took over altogether: it is not pushed out by one that merely tells where it is.
        try await save(Array(ids.suffix(2)), 1, on: server)
        try await browser.value("mine.whenReplaced = (name) => { window.replacedBy = name; }; mine.save(3000)")
        #expect(try await browser.value("replacedBy") == "Another", "it is told")
        let taken = try await server.api.ask(.get, "/v1/me/queue")
        #expect(taken["track_ids"]?.list.compactMap(\.int) == Array(ids.suffix(2)) && taken["current_index"] == 1)
        // Who puts something new on does.
        try await browser.value("mine.set(\(list)); mine.save(0)")
        let new = try await server.api.ask(.get, "/v1/me/queue")
        #expect(new["track_ids"]?.list.compactMap(\.int) == Array(ids.prefix(3)))
    }

    private func radio(_ browser: Browser, _ server: ServerProcess, _ ids: [Int64]) async throws {
        try await browser.value("mine.begin('track', \(ids[0])).then(() => mine.save(0))")
        let queue = try await server.api.ask(.get, "/v1/me/queue")["track_ids"]?.list.compactMap(\.int) ?? []
        #expect(queue.count > 2)
        try await save(Array(queue.prefix(2) + queue.dropFirst(3)), 0, on: server)
        try await browser.value("mine.restore({ isOurs: true })")
        #expect(try await browser.value("mine.ids.length") == .integer(Int64(queue.count - 1)))
        #expect(try await browser.value("mine.radio !== null") == true, "a form changed it")
        try await save(queue, 0, on: server)
        try await browser.value("mine.restore()")
        #expect(try await browser.value("mine.radio === null") == true, "another player took over")
    }
}
