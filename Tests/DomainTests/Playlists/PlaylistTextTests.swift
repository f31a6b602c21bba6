import Domain
import Testing

@Suite struct PlaylistTextTests {
    private func places(_ text: String, _ format: PlaylistText.Format) throws -> [String] {
        try PlaylistText.read(text, as: format).places
    }

    @Test("M3U: comments are passed over, the name is taken, line ends of all systems count")
    func m3u() throws {
        let text =
            "\u{FEFF}#EXTM3U\r\n#PLAYLIST: Late Evening \r\n#EXTINF:12,A - B\r\na/b.mp3 \r\n\r\n# note\rC:\\x.mp3\n"
        let list = try PlaylistText.read(text, as: .m3u)
        #expect(list.name == "Late Evening" && list.places == ["a/b.mp3", "C:\\x.mp3"] && !list.isCut)
        #expect(throws: PlaylistText.Problem.isStream) {
            try PlaylistText.read("#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:9,\nseg1.ts", as: .m3u)
        }
        let long = try PlaylistText.read(String(repeating: "a.mp3\n", count: Playlist.maxEntries + 5), as: .m3u)
        #expect(long.places.count == Playlist.maxEntries && long.isCut && long.leftOut == 5)
        let absurd = try PlaylistText.read(String(repeating: "x", count: 100_000), as: .m3u)
        #expect(absurd.places.isEmpty && absurd.leftOut == 1 && !absurd.isCut)
        #expect(try places("a\u{2028}b.mp3\nc.mp3", .m3u) == ["a\u{2028}b.mp3", "c.mp3"])
    }

    @Test("PLS: the numbers say the order")
    func pls() throws {
        let text =
            "[Playlist]\nFile10=j.mp3\nTitle1=One\nfile2 = b.mp3\nFile1=a.mp3\nFile1=again.mp3\nNumberOfEntries=9"
        #expect(try places(text, .pls) == ["a.mp3", "b.mp3", "j.mp3"])
        #expect(throws: PlaylistText.Problem.self) { try PlaylistText.read("File1=a.mp3", as: .pls) }
        #expect(try places("[playlist]\nFile-1=x\nFilex=y\nFile99999999999999999999=z", .pls) == [])
    }

    @Test("XSPF: places and the name are read, whatever else the document holds")
    func xspf() throws {
        let text = """
            <?xml version="1.0" encoding="UTF-8"?>
            <!-- <track> -->
            <x:playlist version="1" xmlns:x="http://xspf.org/ns/0/" note="a > b">
              <x:title> Songs &amp; &#x41;&#66; </x:title>
              <x:trackList>
                <x:track><x:title>no</x:title><x:location>file:///music/a%20b.mp3</x:location>
                  <x:location>second.mp3</x:location></x:track>
                <x:track><x:location><![CDATA[c & d.mp3]]></x:location></x:track>
                <x:track/><x:track><x:title>nowhere</x:title></x:track>
                <x:track><x:location>e &unknown; f</x:location></x:track>
              </x:trackList>
            </x:playlist>
            """
        let list = try PlaylistText.read(text, as: .xspf)
        #expect(list.name == "Songs & AB")
        #expect(list.places == ["file:///music/a%20b.mp3", "c & d.mp3", "e &unknown; f"])
        #expect(list.leftOut == 2, "tracks without a place are counted")
    }

    @Test("XSPF: relative places begin where the document says")
    func base() throws {
        let text = """
            <playlist xml:base="file:///music/My%20Lists/x.xspf"><trackList xml:base = 'A&amp;B/'>
            <track><location>a.mp3</location></track><track><location>/music/b.mp3</location></track>
            <track xml:base="../up/"><location xml:base="deep/">c.mp3</location></track>
            <track><location>C:\\d.mp3</location></track><track><location>http://x.example/e</location></track>
            </trackList><title/></playlist>
            """
        #expect(
            try places(text, .xspf) == [
                "file:///music/My%20Lists/A&B/a.mp3", "/music/b.mp3", "file:///music/My%20Lists/A&B/../up/deep/c.mp3",
                "C:\\d.mp3", "http://x.example/e",
            ])
        #expect(try find(text) == ["/music/My Lists/A&B/a.mp3"])
    }

    private func find(_ text: String) throws -> [String] {
        let place = try #require(try places(text, .xspf).first)
        return PlaylistPlace.candidates(place, in: FilePath("/else"), roots: [FilePath("/music")]).map(\.display)
    }

    @Test("A name is one line")
    func name() {
        #expect(Playlist.isName("Evening: Ä") && !Playlist.isName("a\u{2028}b") && !Playlist.isName("a\nb"))
    }

    @Test(
        "XML that is hostile or broken is refused, in bounded time",
        arguments: [
            "<!DOCTYPE x [<!ENTITY a SYSTEM \"file:///etc/passwd\">]><playlist><title>&a;</title></playlist>",
            "<playlist><trackList>", "<playlist></trackList></playlist>", "<html></html>", "", "<playlist", "<![CDATA[",
            "<!--", "<?xml", "<playlist a=\"></playlist>", String(repeating: "<a>", count: 100_000),
            String(repeating: "<playlist/>&", count: 50_000) + "<", String(repeating: "<!--", count: 100_000),
        ])
    func hostile(text: String) {
        #expect(throws: PlaylistText.Problem.self) { try PlaylistText.read(text, as: .xspf) }
    }
}

@Suite struct PlaylistPlaceTests {
    private let roots = [FilePath("/music"), FilePath("/more")]

    private func find(_ place: String, in folder: String? = "/music/lists") -> [String] {
        PlaylistPlace.candidates(place, in: folder.map { FilePath($0) }, roots: roots).map(\.display)
    }

    @Test("Relative paths begin at the playlist's folder")
    func relative() {
        #expect(find("a.mp3") == ["/music/lists/a.mp3"])
        #expect(find("./x/../a.mp3") == ["/music/lists/a.mp3"])
        #expect(find("../Artist/a.mp3") == ["/music/Artist/a.mp3"])
        #expect(find("..\\Artist\\a.mp3").contains("/music/Artist/a.mp3"))
        #expect(find("../Artist/100%25.mp3") == ["/music/Artist/100%25.mp3", "/music/Artist/100%.mp3"])
        #expect(find("../../more/a.mp3") == ["/more/a.mp3"])
        #expect(find("a.mp3", in: nil) == ["/music/a.mp3", "/more/a.mp3"], "as our own relative export writes it")
        #expect(find("a.mp3", in: "/home/lists") == ["/music/a.mp3", "/more/a.mp3"])
    }

    @Test("A colon behind a word makes no address of a name")
    func colons() {
        #expect(find("Prelude: b.mp3") == ["/music/lists/Prelude: b.mp3"])
        #expect(find("Suite: One/a.mp3") == ["/music/lists/Suite: One/a.mp3"])
        #expect(find("file:b%20c.mp3").contains("/music/lists/file:b%20c.mp3"))
        #expect(find("file:b%20c.mp3").contains("/music/lists/b c.mp3"))
        #expect(find("http://host/a.mp3") == [] && find("spotify://x") == [])
    }

    @Test(
        "Nothing leads out of the library",
        arguments: [
            "../../etc/passwd", "../../../../../etc/passwd", "/etc/passwd", "file:///etc/passwd",
            "/music/../etc/passwd",
            "../../musicevil/a.mp3", "http://host/a.mp3", "https:a.mp3", "", ".", "..", "/", "file://",
            "C:\\..\\..\\x\\y",
            "file:///music/%00.mp3", "a\0.mp3", "\\\\nas\\..\\..\\etc\\passwd",
        ])
    func inside(place: String) {
        for path in PlaylistPlace.candidates(place, in: FilePath("/music/lists"), roots: roots) {
            #expect(path.isCanonical && roots.contains { $0.contains(path) }, "\(path)")
            #expect(!["/music/etc/passwd/..", "/etc/passwd"].contains(path.display))
        }
    }

    @Test("Addresses and paths of other machines are found by their end")
    func elsewhere() {
        #expect(find("file:///music/a%20b/%C3%84.mp3") == ["/music/a b/Ä.mp3"])
        #expect(find("file://localhost/music/a.mp3") == ["/music/a.mp3"])
        #expect(find("/music/a.mp3") == ["/music/a.mp3"])
        let drive = find("D:\\Music\\Artist\\Album\\1.mp3")
        #expect(drive.first == "/music/Music/Artist/Album/1.mp3" && drive.contains("/music/Artist/Album/1.mp3"))
        #expect(drive.contains("/more/Album/1.mp3") && !drive.contains("/music/1.mp3"))
        #expect(find("file:///C:/Music/Artist/1.mp3").contains("/music/Artist/1.mp3"))
        #expect(find("\\\\nas\\music\\Artist\\1.mp3").contains("/music/Artist/1.mp3"))
        #expect(find("/data/music/Artist/1.mp3").contains("/music/Artist/1.mp3"))
        #expect(find("C:\\1.mp3") == [])
        #expect(find(String(repeating: "/x", count: 2000)).count <= 64)
    }

    @Test(
        "What is written is read back as the same path",
        arguments: [
            Array("/music/lists/a.mp3".utf8), Array("/music/lists/#a.mp3".utf8), Array("/music/lists/ a.mp3".utf8),
            Array("/music/b/Ä 100%.mp3".utf8), Array("/music/lists/a\nb.mp3".utf8),
            Array("/music/x-".utf8) + [0xFF, 0x41], Array("/music/Suite: One/a.mp3".utf8),
            Array("/music/lists/Prelude: b.mp3".utf8), Array("/music/a\u{2028}b.mp3".utf8),
            Array("/music/lists/a.mp3 ".utf8), Array("/music/lists/# \n.mp3".utf8),
        ])
    func roundTrip(bytes: [UInt8]) throws {
        let path = FilePath(bytes: bytes)
        for folder in [nil, FilePath("/music/lists"), FilePath("/music")] {
            let text = M3U.head(name: "x") + M3U.entry(title: "a\nb", durationMs: nil, path: path, from: folder)
            let list = try PlaylistText.read(PlainText.decode(Array(text.utf8)), as: .m3u)
            #expect(list.name == "x" && list.places.count == 1)
            let found = PlaylistPlace.candidates(list.places[0], in: folder ?? FilePath("/music"), roots: roots)
            // What is escaped may be a name as it is, too, and then that comes first.
            #expect(found.first == path || list.places[0].contains("%") && found.contains(path), "\(list.places)")
            #expect(folder?.contains(path) != true || !list.places[0].hasPrefix("file:"), "it can be moved")
        }
    }
}
