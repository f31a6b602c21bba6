import Contracts
import Domain
import Testing
import UseCases

@testable import API

/// One tree, two formats.
@Suite struct SubsonicRenderingTests {
    private var tree: SubsonicNode {
        var song = SubsonicNode()
        song.set("id", "tr-1")
        song.set("title", "A < \"B\" & C\n\u{1}\u{FFFE}😀")
        song.set("track", 3)
        song.set("gain", number: -6.5)
        song.set("isDir", flag: false)
        song.set("created", time: 1_600_000_000_123_456)
        song.set("absent", String?.none)
        song.set("endless", number: .infinity)
        song.set("moods", texts: ["calm", "d&b"])
        song.set("isrc", texts: [])
        var empty = SubsonicNode()
        empty.add("song", .children([]))
        var genre = SubsonicNode()
        genre.set("songCount", 2)
        genre.add("value", .content(.text("R&B ]]>")))
        var root = SubsonicNode()
        root.set("status", "ok")
        root.add("song", .child(song))
        root.add("songs", .child(empty))
        root.add("genre", .children([genre, genre]))
        root.add("notes", .element(.text("Said <so>")))
        return root
    }

    @Test("Attributes come first, text is escaped, and what XML cannot hold is replaced")
    func xml() {
        let text = String(decoding: SubsonicXML.document(tree), as: UTF8.self)
        let genre = "<genre songCount=\"2\">R&amp;B ]]&gt;</genre>"
        #expect(
            text == """
                <?xml version="1.0" encoding="UTF-8"?>
                <subsonic-response xmlns="http://subsonic.org/restapi" status="ok">\
                <song id="tr-1" title="A &lt; &quot;B&quot; &amp; C&#10;\u{FFFD}\u{FFFD}😀" track="3" gain="-6.5" \
                isDir="false" created="2020-09-13T12:26:40.123Z"><moods>calm</moods><moods>d&amp;b</moods></song>\
                <songs/>\(genre)\(genre)<notes>Said &lt;so&gt;</notes></subsonic-response>
                """)
    }

    @Test("In JSON values have their types, and lists are lists however many are in them")
    func json() throws {
        let value = try JSONReader.read(SubsonicJSON.document(tree))["subsonic-response"]
        #expect(value?["song"]?["title"] == "A < \"B\" & C\n\u{1}\u{FFFE}😀")
        #expect(value?["song"]?["track"] == 3 && value?["song"]?["gain"] == .number(-6.5))
        #expect(value?["song"]?["isDir"] == false && value?["song"]?["moods"] == ["calm", "d&b"])
        #expect(value?["song"]?["absent"] == nil && value?["song"]?["endless"] == nil)
        #expect(value?["songs"]?["song"] == [] && value?["notes"] == "Said <so>")
        #expect(value?["genre"]?[1] == ["songCount": 2, "value": "R&B ]]>"])
    }

    @Test("An id says what it is of, in one way only")
    func ids() {
        let hash = String(repeating: "0a", count: 32)
        for id: SubsonicID in [.track(12), .album(.max), .artist(1), .playlist(7), .folder(3), .cover(hash)] {
            #expect(SubsonicID(id.description) == id)
        }
        for text in [
            "", "-", "tr-", "tr-0", "tr-01", "tr-+1", "tr--1", "tr-1-2", "tr-9223372036854775808", "xx-1", "TR-1", "0",
            "١", "tr-١", "co-1", "co-" + hash.uppercased(), "co-\(hash)0", " 1",
        ] {
            #expect(SubsonicID(text) == nil, "\(text)")
        }
    }

    @Test("Parameters repeat, are decoded, and say what is wrong with them")
    func parameters() throws {
        let some = try SubsonicParameters("id=tr-1&id=tr-2&q=a%20b+c&empty=&n=7&n2=x&neg=-1&big=99&yes=TRUE&no=0")
        #expect(try some.trackIDs("id") == [1, 2])
        #expect(some.text("q") == "a b c" && some.text("empty") == "" && some.filled("empty") == nil)
        #expect(try some.integer("n") == 7 && some.integer("none") == nil)
        #expect(try some.count("big", default: 10, max: 50) == 50 && some.count("none", default: 10, max: 50) == 10)
        #expect(try some.flag("yes") == true && some.flag("no") == false && some.flag("none") == nil)
        #expect(throws: SubsonicError.self) { try some.integer("n2") }
        #expect(throws: SubsonicError.self) { try some.integer("neg") }
        #expect(throws: SubsonicError.self) { try some.flag("n") }
        #expect(throws: SubsonicError.self) { try some.require("empty") }
        #expect(throws: SubsonicError.self) { try SubsonicParameters("a=%zz") }
        let many = Array(repeating: "id=1", count: SubsonicParameters.maxCount + 1).joined(separator: "&")
        #expect(throws: SubsonicError.self) { try SubsonicParameters(many[...]) }
    }

    @Test("A callback is the name of a function, and nothing else")
    func callbacks() throws {
        for name in ["f", "a.b.c_1", "$", "jQuery123_4"] {
            #expect(try SubsonicFormat(SubsonicParameters("f=jsonp&callback=\(name)")) == .jsonp(callback: name))
        }
        for name in ["", "1a", ".a", "a(", "a;b", "a%20b", "alert%28", String(repeating: "a", count: 101), "%C3%A9"] {
            #expect(throws: SubsonicError.self, "\(name)") {
                try SubsonicFormat(SubsonicParameters("f=jsonp&callback=\(name)"))
            }
        }
        #expect(throws: SubsonicError.self) { try SubsonicFormat(SubsonicParameters("f=yaml")) }
        #expect(try SubsonicFormat(SubsonicParameters("")) == .xml)
    }

    @Test("Artists stand under the letter that their name begins with, articles aside")
    func index() {
        let names = ["The Quarry", "Ånna", "anvil", "Les Loups", "99 Red", "Theory", "Ωmega"]
        let artists = names.enumerated().map { id, name in
            Artist(id: Int64(id), name: name, sortName: nil, trackCount: 1, albumCount: 1, musicBrainzID: nil)
        }
        let letters = ArtistIndex.letters(artists)
        #expect(letters.map(\.name) == ["#", "A", "L", "Q", "T", "Ω"])
        #expect(letters[1].artists.map(\.name) == ["anvil", "Ånna"])
    }
}
