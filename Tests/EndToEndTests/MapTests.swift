import Contracts
import Demo
import Domain
import TestSupport
import Testing

/// The map in a real browser, over real music.
@Suite(.serialized, .timeLimit(.minutes(4)))
struct MapTests {
    private static let hostile = "<script>window.broken = 1</script><img src=x onerror=window.broken=2>\"'&"

    /// The eight songs, one of which has a title that would like to be markup.
    private func served() async throws -> (Library, ServerProcess) {
        let library = try await Library()
        for (number, song) in library.songs.enumerated() {
            try library.tree.write(
                "Shelf/" + song.fileName,
                song.tagged {
                    if song.name == "Dusk" { ($0.title, $0.artists) = (Self.hostile, [Self.hostile]) }
                    $0.genres = [["Folk", "House", "<b>Jazz</b>"][number % 3]]
                })
        }
        let server = try await library.served()
        try await until("the map is drawn") { try await server.api.send(.get, "/v1/map").status == 200 }
        return (library, server)
    }

    private func signIn(_ browser: Browser, _ server: ServerProcess, until isThere: String) async throws {
        try await browser.open(server.api.base + "/map")
        #expect(try await browser.value("location.pathname + location.search") == "/sign-in?next=%2Fmap")
        try await browser.signIn(with: server.api.token)
        try await browser.becomes("location.pathname === '/map' && (\(isThere))")
        try await browser.value(
            "import(document.querySelector('script[type=module]').src).then((map) => { window.map = map; })")
    }

    /// Where the point of a track is on the screen.
    private func place(_ id: Int64, _ browser: Browser) async throws -> (x: Double, y: Double) {
        let place = try await browser.value(
            """
            (() => {
              const { plot, state } = window.map;
              const box = plot.marks.getBoundingClientRect();
              const [x, y] = plot.toScreen(state.points.placeOf(\(id)));
              return [box.x + x, box.y + y];
            })()
            """)
        return (try #require(place.list.first?.number), try #require(place.list.last?.number))
    }

    private static let hasPoints = """
        (() => {
          const { plot } = window.map;
          plot.draw();
          return plot.pixels.some((pixel) => pixel !== 0);
        })()
        """

    @Test("Sign in, look, point, listen, search, in light and dark, wide and narrow")
    func journey() async throws {
        let (library, server) = try await served()
        let browser = try await Browser.start(in: library.lab)
        try await browser.show(width: 1280, height: 800)
        try await signIn(browser, server, until: "document.querySelector('#plane')?.dataset.points === '8'")
        try await browser.becomes(Self.hasPoints)
        try await colours(browser)
        try await pointing(browser, server)
        try await searching(browser)
        try await moving(browser)
        try await looks(browser)
        try await browser.click(".top form button")
        try await browser.becomes("location.pathname === '/sign-in'")
        try await browser.open(server.api.base + "/map")
        #expect(try await browser.value("location.pathname") == "/sign-in")
        #expect(browser.complaints == [])
        try await browser.close()
    }

    @Test("An empty library says what is missing; fifty thousand points are drawn, and each is found where it lies")
    func many() async throws {
        let lab = try Lab()
        let server = try await ServerProcess.start(lab, .serve)
        let browser = try await Browser.start(in: lab)
        try await browser.show(width: 1280, height: 800)
        try await signIn(
            browser, server, until: "document.querySelector('#message')?.textContent.includes('a map takes 3')")
        try await browser.picture("map-empty")
        let answer = try await browser.value(Self.drawMany)
        #expect(answer["wrong"] == 0)
        #expect(answer["inked"]?.number ?? 0 > 50_000)
        print("a frame of 50,000 points takes \(answer["median"]?.number ?? .nan) ms")
        try await browser.close()
    }

    /// Points by chance; what the grid finds is held against a look at every point.
    private static let drawMany = """
        (async () => {
          const script = document.querySelector('script[type=module]').src;
          const { Points } = await import(script.replace('map.js', 'points.js'));
          const { plot } = window.map;
          let seed = 1;
          const random = () => (seed = (seed * 48271) % 2147483647) / 2147483647;
          const column = (size) => Array.from({ length: 50000 }, () => Math.floor(random() * size));
          const ids = Array.from({ length: 50000 }, (_, index) => index + 1);
          const points = new Points({
            ids, x: column(65536), y: column(65536), genre: column(14), tempo: column(200), key: column(25) });
          plot.setPoints(points);
          plot.paint(points.genre, Array.from({ length: 14 }, (_, index) => [index * 18, 90, 200]));
          let wrong = 0;
          for (let round = 0; round < 200; round++) {
            const [x, y, reach] = [random() * 65536, random() * 65536, random() * 500];
            let least = reach * reach;
            let best = -1;
            for (let place = 0; place < points.count; place++) {
              const distance = (points.x[place] - x) ** 2 + (points.y[place] - y) ** 2;
              if (distance <= least) [best, least] = [place, distance];
            }
            const found = points.nearest(x, y, reach);
            const length = (place) => place < 0 ? -1 : (points.x[place] - x) ** 2 + (points.y[place] - y) ** 2;
            if (length(found) !== length(best)) wrong++;
          }
          const times = [];
          for (let frame = 0; frame < 60; frame++) {
            plot.pan(3, 1);
            const start = performance.now();
            plot.draw();
            times.push(performance.now() - start);
          }
          plot.showWhole();
          plot.draw();
          return { wrong, inked: plot.pixels.reduce((sum, pixel) => sum + (pixel ? 1 : 0), 0),
            median: times.sort((a, b) => a - b)[30] };
        })()
        """

    private func colours(_ browser: Browser) async throws {
        let legend = "document.querySelector('#legend').innerText"
        #expect(try await browser.value("\(legend).includes('<b>Jazz</b>')") == true)
        for (name, text) in [("tempo", "BPM"), ("key", "B"), ("genre", "Folk")] {
            try await browser.value(
                """
                (() => {
                  const choice = document.querySelector('#colour');
                  choice.value = '\(name)';
                  choice.dispatchEvent(new Event('change'));
                })()
                """)
            #expect(try await browser.value("\(legend).includes('\(text)')") == true)
            try await browser.becomes(Self.hasPoints)
        }
        try await browser.click("#legend button")
        #expect(try await browser.value("window.map.plot.lit.reduce((sum, lit) => sum + lit)") == 3)
        try await browser.click("#legend button")
        #expect(try await browser.value("window.map.plot.lit") == .null)
    }

    private func pointing(_ browser: Browser, _ server: ServerProcess) async throws {
        let dusk = try #require(try await server.api.tracksByName()["Dusk.opus"]?["id"]?.int)
        let point = try await place(dusk, browser)
        try await browser.move(point.x, point.y)
        try await browser.becomes("!document.querySelector('#tip').hidden")
        let shown = try await browser.value("document.querySelector('#tip-text').textContent")
        #expect(shown.text?.hasPrefix(Self.hostile) == true)
        try await browser.picture("map-hover")
        try await browser.click(point.x, point.y)
        try await browser.becomes("document.querySelector('#audio').readyState > 0")
        try await browser.becomes("document.querySelector('#audio').currentTime > 0")
        #expect(
            try await browser.value("document.querySelector('#audio').src")
                == .string("\(server.api.base)/v1/tracks/\(dusk)/stream"))
        try await browser.becomes("document.querySelectorAll('#neighbours button').length === 7")
        #expect(try await browser.value("window.map.plot.marked.neighbours.length") == 7)
        #expect(try await browser.value("document.querySelector('#title').textContent") == .string(Self.hostile))
        #expect(try await browser.value("window.broken === undefined") == true)
        try await browser.picture("map-light")
        try await browser.click("#neighbours button")
        try await browser.becomes(
            "document.querySelector('#audio').src.endsWith('/stream') && !document.querySelector('#audio').src.includes('/\(dusk)/')"
        )
    }

    private func searching(_ browser: Browser) async throws {
        try await browser.value("document.querySelector('#query').focus()")
        try await browser.type("amble")
        try await browser.becomes("document.querySelectorAll('#hits button').length === 1")
        #expect(try await browser.value("window.map.plot.marked.hits.length") == 1)
        try await browser.picture("map-search")
        try await browser.value("document.querySelector('#query').value = ''")
        try await browser.press("Enter")
        try await browser.becomes("document.querySelector('#found').hidden && window.map.plot.lit === null")
    }

    private func moving(_ browser: Browser) async throws {
        let scale = "window.map.plot.view.scale"
        let whole = try #require(try await browser.value(scale).number)
        try await browser.wheel(400, 400, by: -300)
        try await browser.becomes("\(scale) > \(whole * 1.2)")
        try await browser.value("document.querySelector('#marks').focus()")
        try await browser.press("0")
        try await browser.becomes("\(scale) === \(whole)")
        try await browser.press("+")
        try await browser.becomes("\(scale) > \(whole * 1.2)")
        try await browser.press("Enter")
        try await browser.becomes("window.map.plot.marked.chosen >= 0")
        try await browser.press("0")
    }

    private func looks(_ browser: Browser) async throws {
        try await browser.show(width: 1280, height: 800, isDark: true)
        try await browser.becomes(Self.hasPoints)
        try await browser.picture("map-dark")
        try await browser.show(width: 360, height: 740)
        try await browser.becomes("document.documentElement.scrollWidth <= 360")
        try await browser.becomes(Self.hasPoints)
        try await browser.picture("map-narrow")
        try await browser.value("window.scrollTo(0, 10000)")
        try await browser.picture("map-narrow-panel")
        try await browser.value("window.scrollTo(0, 0)")
        try await browser.show(width: 1280, height: 800)
    }
}
