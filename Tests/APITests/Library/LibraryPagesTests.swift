import Contracts
import Domain
import HTTPTypes
import NIOCore
import Testing
import UseCases

@testable import API

@Suite struct LibraryPagesTests {
    private let server: TestServer
    private static let paths = [
        "/library", "/library?view=artists", "/library?view=tracks", "/library?view=genres", "/library?q=Title",
        "/library/albums/1", "/library/artists/1", "/library/tracks/1",
    ]
    private static let hostile = "<script>alert(1)</script>\"'&\u{1B}[31m\n\u{202E}x"

    init() throws {
        server = try TestServer()
    }

    private func page(_ path: String) async throws -> String {
        let page = try await server.send(.get, path, as: "user")
        #expect(page.status == 200, "\(path)")
        return page.text
    }

    private func mark(_ body: String, as secret: String = "user") async throws -> Answer {
        let headers: HTTPFields = [
            .contentType: "application/x-www-form-urlencoded", .origin: "http://localhost",
        ]
        return try await server.send(.post, "/library/marks", as: secret, body: .init(string: body), headers: headers)
    }

    @Test("Users read every page, which says where it is; workers read none", arguments: paths)
    func present(path: String) async throws {
        let page = try await server.send(.get, path, as: "user")
        #expect(page.status == 200)
        #expect(page.headers[.contentSecurityPolicy]?.contains("unsafe") == false)
        #expect(page.text.contains("href=\"/library\" aria-current=\"page\""))
        #expect(page.text.components(of: "<h1>") == 1)
        #expect(page.text.contains("<audio id=\"audio\" controls"))
        #expect(!page.text.contains(" style=") && !page.text.contains(" onclick="))
        #expect(try await server.send(.get, path, as: "worker").status == 403)
    }

    @Test("What tags, files and services say is shown as text", arguments: paths)
    func hostile(path: String) async throws {
        server.store.change { state in
            for index in state.tracks.indices {
                state.tracks[index].metadata.title = "Title " + Self.hostile
                state.tracks[index].metadata.artists = [Self.hostile, "B"]
                state.tracks[index].metadata.album = Self.hostile
                state.tracks[index].metadata.genres = [Self.hostile]
                state.tracks[index].metadata.extra = [Self.hostile: [Self.hostile]]
                state.tracks[index].metadata.key = Self.hostile
                state.tracks[index].path = FilePath("/music/" + Self.hostile)
                state.tracks[index].properties.codec = Self.hostile
            }
            state.albums = [MemoryStore.album(id: 1)]
            (state.albums[0].title, state.albums[0].artist) = (Self.hostile, Self.hostile)
            state.artists = [MemoryStore.artist(id: 1)]
            (state.artists[0].name, state.artists[0].sortName) = (Self.hostile, Self.hostile)
            var facts = OutsideFacts()
            (facts.name, facts.artist, facts.summary) = (Self.hostile, Self.hostile, Self.hostile)
            facts.url = "javascript:alert(1)"
            facts.tags = [OutsideFacts.Tag(Self.hostile)]
            facts.similar = [OutsideFacts.Match(Self.hostile, artist: Self.hostile, match: 0.5)]
            state.facts = facts
        }
        let text = try await page(path)
        for forbidden in ["<script>", "\u{1B}", "\u{202E}", "\"'&", "href=\"javascript"] {
            #expect(!text.contains(forbidden), "\(path) \(forbidden)")
        }
        #expect(text.contains("&lt;script&gt;"), "\(path)")
    }

    @Test("Albums come newest first or by title, and those that one has starred alone")
    func albums() async throws {
        let newest = try await page("/library")
        #expect(newest.order("Album 3", "Album 1") == true)
        #expect(newest.contains("<a href=\"/library/albums/3\">"))
        #expect(newest.contains("src=\"/v1/covers/\(MemoryStore.coverHash)?size=250\" alt=\"\" loading=\"lazy\""))
        #expect(newest.contains("width=\"250\" height=\"250\""))
        #expect(try await page("/library?sort=title").order("Album 1", "Album 3") == true)
        #expect(try await page("/library?starred=true").contains("You have starred no albums"))
        #expect(try await server.send(.put, "/v1/albums/2/star", as: "user").status == 204)
        let starred = try await page("/library?starred=true")
        #expect(starred.contains("Album 2") && !starred.contains("Album 1") && starred.contains("★"))
    }

    @Test("Lists go on where they ended, and a cursor or filter that makes no sense is refused")
    func paging() async throws {
        server.store.change { state in state.albums = (1...50).map { MemoryStore.album(id: $0) } }
        let first = try await page("/library?starred=&view=")
        #expect(first.contains("href=\"/library?cursor=48\"") && !first.contains(">Album 1<"))
        #expect(try await page("/library?cursor=48").contains(">Album 1<"))
        #expect(try await page("/library?view=artists&from=Artist+2").order("Artist 2", "Artist 3") == true)
        #expect(try await page("/library?view=artists&from=Z").contains("There are no more artists."))
        for query in ["cursor=x", "view=cellar", "sort=size", "other=1"] {
            #expect(try await server.send(.get, "/library?\(query)", as: "user").status == 400, "\(query)")
        }
    }

    @Test("A search shows artists, albums and tracks; one that finds nothing says so")
    func search() async throws {
        server.store.change { state in
            state.albums[0].title = "Title of an album"
            state.artists[0].name = "Title Bearer"
        }
        let found = try await page("/library?q=Title")
        for text in ["Title of an album", "Title Bearer", "Title 1 &quot;quoted&quot;", "value=\"Title\""] {
            #expect(found.contains(text), "\(text)")
        }
        #expect(try await page("/library?q=nothing%20%3Cb%3E").contains("Nothing is called “nothing &lt;b&gt;”"))
        #expect(try await page("/library?q=+").contains("Album 2"), "blanks search for nothing")
    }

    @Test("An empty library says what to do")
    func empty() async throws {
        server.store.change { ($0.tracks, $0.albums, $0.artists) = ([], [], []) }
        for view in ["albums", "artists", "tracks", "genres"] {
            #expect(try await page("/library?view=\(view)").contains("start a scan, or see how far it is"))
        }
        server.store.change { $0.roots = [] }
        #expect(try await page("/library").contains("sillon scan FOLDER"))
    }

    @Test("What is not there is not found", arguments: ["albums", "artists", "tracks"])
    func missing(noun: String) async throws {
        for id in ["99", "0", "x", "9223372036854775808"] {
            let page = try await server.send(.get, "/library/\(noun)/\(id)", as: "user")
            #expect(page.status == 404 && page.text.contains("<h1>"), "\(id)")
        }
    }

    @Test("A track shows what was heard, and why something was not")
    func heard() async throws {
        let whole = try await page("/library/tracks/1")
        for text in ["120.5 BPM", "C major (8B)", "mp3", "320 kbit/s", "5 MB", "3:20", "ear-1 does not measure it"] {
            #expect(whole.contains(text), "\(text)")
        }
        server.store.change { state in
            state.tracks[0].analysis?.status = .silent
            state.tracks[0].analysis?.tempoBpm = nil
            state.tracks[0].analysis?.key = nil
        }
        #expect(
            try await page("/library/tracks/1").contains("<dt>Tempo</dt>\n<dd>– <span class=\"hint\">silent</span>"))
        server.store.change { $0.tracks[0].analysis = nil }
        #expect(try await page("/library/tracks/1").contains("It was not listened to yet."))
    }

    @Test("A track shows what sounds like it and how, and says when nobody knows")
    func similar() async throws {
        let page = try await page("/library/tracks/1")
        #expect(page.contains("<strong>50 %</strong>") && page.contains("differs in"))
        #expect(page.contains("href=\"/map?track=1\"") && page.contains("data-radio=\"track:1\""))
        let unheard = try await self.page("/library/tracks/5")
        #expect(unheard.contains("The track is not analysed yet: its task is running."))
        #expect(!unheard.contains("data-radio"))
    }

    @Test("A track leads to its task, and says what services outside know of it")
    func around() async throws {
        server.store.change { $0.taskOfTrack = $0.tasks[0] }
        let page = try await page("/library/tracks/1")
        #expect(page.contains("<a href=\"/tasks/1\">1</a>") && page.contains("is corrupt"))
        #expect(page.contains("From Last.fm") && page.contains("It does not know this."))
        #expect(page.contains("href=\"/library?q=other\""))
    }

    @Test("A file that is gone is not offered for listening")
    func gone() async throws {
        server.store.change { $0.tracks[0].state = .missing }
        let page = try await page("/library/tracks/1")
        #expect(!page.contains("/v1/tracks/1/stream") && page.contains("was not there"))
        #expect(try await self.page("/library/albums/1").contains("missing"))
    }

    @Test("An album's tracks stand by disc and number, whatever the order of their arrival")
    func order() async throws {
        server.store.change { state in
            for (index, place) in [(2, 1), (1, 2), (1, 1), (1, nil), (2, 2)].enumerated() {
                (state.tracks[index].metadata.discNumber, state.tracks[index].metadata.trackNumber) = place
                state.tracks[index].metadata.title = "Song \(index)"
            }
        }
        let page = try await page("/library/albums/1")
        let titles = ["Disc 1", "Song 2", "Song 1", "Song 3", "Disc 2", "Song 0", "Song 4"]
        for (one, other) in zip(titles, titles.dropFirst()) { #expect(page.order(">\(one)<", ">\(other)<") == true) }
        #expect(page.contains("href=\"/v1/tracks/3/stream\" id=\"play-all\""))
        #expect(page.contains("alt=\"Cover of Album 1\""))
    }

    @Test("Stars and ratings are set and taken away from a page, by who may", arguments: ["track", "album", "artist"])
    func marks(kind: String) async throws {
        let path = "/library/\(kind)s/2"
        let starred = try await mark("kind=\(kind)&id=2&star=on")
        #expect(starred.status == 303 && starred.headers[.location] == path)
        #expect(try await mark("kind=\(kind)&id=2&rating=4").status == 303)
        let shown = try await page(path)
        #expect(shown.contains("★ Starred") && shown.contains("Take the rating of 4 away"))
        #expect(try await mark("kind=\(kind)&id=2&star=off").status == 303)
        #expect(try await mark("kind=\(kind)&id=2&rating=0").status == 303)
        let plain = try await page(path)
        #expect(plain.contains("☆ Star") && !plain.contains("Take the rating"))
        #expect(try await mark("kind=\(kind)&id=99&star=on").status == 404)
        #expect(try await mark("kind=\(kind)&id=2&star=on", as: "worker").status == 403)
        for bad in ["kind=folder&id=2", "kind=\(kind)&id=0", "kind=\(kind)", "kind=\(kind)&id=2&rating=9"] {
            #expect(try await mark(bad).status == 422, "\(bad)")
        }
    }

    @Test("Numbers of music are as people read them")
    func amounts() {
        #expect([nil, 0, 65_000, 3_723_000].map(Amount.length(milliseconds:)) == ["–", "0:00", "1:05", "1:02:03"])
        #expect([120.54, 128, -9.34, -7, -0.02, .nan].map(Amount.tenths) == ["120.5", "128", "−9.3", "−7", "0", "–"])
        #expect([0, 0.825, 1, 7, -1, .infinity].map(Amount.percent) == ["0 %", "83 %", "100 %", "100 %", "0 %", "–"])
        #expect(Amount.count(1, "track") == "1 track" && Amount.count(1200, "track") == "1,200 tracks")
    }
}

extension String {
    fileprivate func components(of text: String) -> Int { ranges(of: text).count }

    /// Whether one text stands before another; nil where one of them is not there.
    fileprivate func order(_ one: String, _ other: String) -> Bool? {
        guard let first = firstRange(of: one), let second = firstRange(of: other) else { return nil }
        return first.lowerBound < second.lowerBound
    }
}
