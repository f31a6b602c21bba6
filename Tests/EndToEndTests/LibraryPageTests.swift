import Contracts
import Demo
import Domain
import TestSupport
import Testing

/// The library's pages in a real browser, over real music.
@Suite(.serialized, .timeLimit(.minutes(4)))
struct LibraryPageTests {
    private static let hostile = "<img src=x onerror=window.broken=1>\"'&\u{1B}[31m\n\u{202E}x"
    private static let albums = ["Furrow Lines", "Weather Maps for a Very Long Journey by Night", "Shelf"]
    /// Two elements take turns.
    private static let paused = "[...document.querySelectorAll('#player audio')].every((audio) => audio.paused)"
    private static let source =
        "[...document.querySelectorAll('#player audio')].find((audio) => !audio.paused)?.src ?? ''"
    private static let time =
        "[...document.querySelectorAll('#player audio')].find((audio) => !audio.paused)?.currentTime ?? 0"

    private func served() async throws -> (Library, ServerProcess) {
        let library = try await Library()
        for (index, song) in library.songs.enumerated() {
            try library.tree.write(
                "Shelf/" + song.fileName,
                song.tagged { tags in
                    tags.album = Self.albums[index % 3]
                    tags.albumArtist = index.isMultiple(of: 3) ? "Marled Field" : "Quiet Harbour"
                    tags.artists = [tags.albumArtist]
                    tags.genres = [["Folk", "House", "<b>Jazz</b>"][index % 3]]
                    tags.trackNumber = index / 3 + 1
                    if song.name == "Dusk" { (tags.title, tags.artists) = (Self.hostile, [Self.hostile]) }
                })
        }
        let server = try await library.served()
        try await until("the map is drawn") { try await server.api.send(.get, "/v1/map").status == 200 }
        return (library, server)
    }

    @Test("Search, open an album, hear it, go to what sounds alike, in light and dark, wide and narrow")
    func journey() async throws {
        let (library, server) = try await served()
        let browser = try await Browser.start(in: library.lab)
        try await browser.show(width: 1280, height: 900)
        try await browser.open(server.api.base + "/library")
        try await browser.signIn(with: server.api.token ?? "")
        try await browser.becomes(
            "location.pathname === '/library' && document.querySelectorAll('.albums li').length === 3")
        try await searching(browser)
        try await listening(browser)
        try await alike(browser)
        try await looks(browser, server)
        #expect(try await browser.value("window.broken === undefined") == true)
        #expect(browser.complaints == [])
        try await browser.close()
    }

    private func searching(_ browser: Browser) async throws {
        try await browser.value("document.querySelector('.search input').focus()")
        try await browser.type("weather")
        try await browser.press("Enter")
        try await browser.becomes(
            "location.search === '?q=weather' && document.querySelector('#hits .albums a') !== null")
        #expect(try await browser.value("document.querySelectorAll('#hits .tracks li').length > 1") == true)
        try await browser.picture("library-search")
        try await browser.value("document.querySelector('#hits .albums a').focus()")
        try await browser.press("Enter")
        try await browser.becomes(
            "location.pathname.startsWith('/library/albums/') && document.querySelector('#play-all') !== null")
    }

    /// The album from its first track on, and on to the next one.
    private func listening(_ browser: Browser) async throws {
        try await isReady(browser)
        #expect(try await browser.value("document.querySelector('#player').hidden") == true)
        try await browser.click("#play-all")
        try await browser.becomes("(\(Self.time)) > 0")
        let first = try await browser.value(Self.source)
        #expect(try await browser.value("document.querySelector('#now').textContent.startsWith('Bracken')") == true)
        try await browser.becomes(
            "document.querySelector('.play.playing .unseen')?.textContent.startsWith('Pause') === true")
        try await browser.picture("library-playing")
        try await browser.click("a.play.playing")
        try await browser.becomes(Self.paused)
        try await browser.click("#skip")
        try await browser.becomes("!\(Self.paused) && (\(Self.source)) !== \(ContractJSON.encode(first))")
        try await browser.click("#previous")
        try await browser.becomes("(\(Self.source)) === \(ContractJSON.encode(first))")
    }

    /// Until its script runs, links lead to the files.
    private func isReady(_ browser: Browser) async throws {
        try await browser.becomes("document.querySelector('#radio')?.hidden === false")
    }

    private func alike(_ browser: Browser) async throws {
        try await browser.click(".tracks .title")
        try await browser.becomes(
            "location.pathname.startsWith('/library/tracks/') && document.querySelectorAll('#similar li').length === 7")
        try await isReady(browser)
        let id = try #require(try await browser.value("document.querySelector('#similar a.play').dataset.play").text)
        try await browser.value("document.querySelector('#similar a.play').focus()")
        try await browser.press("Enter")
        try await browser.becomes("(\(Self.source)).endsWith('/\(id)/stream')")
        // A click has a place in the window.
        try await browser.value("document.querySelector('button[name=star]').scrollIntoView()")
        try await browser.click("button[name=star]")
        try await browser.becomes("document.querySelector('button[name=star]')?.textContent === '★ Starred'")
        try await isReady(browser)
        try await browser.click("#radio")
        try await browser.becomes("document.querySelector('#after').textContent.startsWith('Next: ')")
        try await browser.value("document.querySelector(\"main a[href^='/map?']\").click()")
        try await browser.becomes(
            "location.pathname === '/map' && document.querySelector('#title')?.textContent === 'Bracken'")
        #expect(try await browser.value(Self.paused) == true, "nobody asked it to play")
    }

    /// Nothing is wider than the window, and what one looks for is there.
    private func looks(_ browser: Browser, _ server: ServerProcess) async throws {
        let songs = try await server.api.tracksByName()
        let (plain, odd) = (try #require(songs["Bracken.flac"]), try #require(songs["Dusk.opus"]))
        let pages = [
            ("/library", "albums", "Furrow Lines"), ("/library?view=artists", "artists", "Quiet Harbour"),
            ("/library?view=tracks", "tracks", "<img src=x"), ("/library?view=genres", "genres", "<b>Jazz</b>"),
            ("/library?starred=true", "none", "You have starred no albums"),
            ("/library/albums/\(plain["album_id"]?.int ?? 0)", "album", "Weather Maps"),
            ("/library/artists/\(odd["artist_ids"]?.list.first?.int ?? 0)", "artist", "<img src=x"),
            ("/library/tracks/\(odd["id"]?.int ?? 0)", "track-odd", "<img src=x"),
            ("/library/tracks/\(plain["id"]?.int ?? 0)", "track", "What was heard"),
        ]
        for (path, name, text) in pages {
            try await browser.show(width: 1280, height: 900)
            try await browser.open(server.api.base + path)
            try await browser.becomes(
                "document.querySelector('main').textContent.includes(\(ContractJSON.encode(text)))")
            try await browser.becomes("document.documentElement.scrollWidth <= 1280")
            try await browser.picture("library-\(name)-light")
            try await browser.show(width: 1280, height: 900, isDark: true)
            try await browser.picture("library-\(name)-dark")
            try await browser.show(width: 360, height: 740)
            try await browser.becomes("document.documentElement.scrollWidth <= 360")
            try await browser.picture("library-\(name)-narrow")
            try await browser.value("window.scrollTo(0, 700)")
            try await browser.picture("library-\(name)-narrow-below")
        }
    }
}
