import Domain
import Testing

@Suite struct OutsideFactsTests {
    @Test("What a service sends is cut to what may be kept")
    func bounds() {
        var facts = OutsideFacts()
        facts.name = String(repeating: "n", count: 10_000)
        facts.artist = " \u{0}\u{7} "
        facts.summary = "one\ntwo\u{1}"
        facts.url = "javascript:alert(1)"
        facts.listeners = -1
        facts.durationMs = .max
        facts.date = "yesterday"
        facts.tags = (0..<200).map { OutsideFacts.Tag("t\($0)", weight: .infinity) } + [OutsideFacts.Tag("")]
        facts.similar = [OutsideFacts.Match("a", match: 7, musicBrainzID: "no id")]
        facts.images = [OutsideFacts.Image("ftp://x/y"), OutsideFacts.Image("https://x/y", width: -5)]
        facts.musicBrainz.artists = ["none", "0383DADF-2A4E-4D10-A46A-E9E041DA8EB3"]
        let bounded = facts.bounded()
        #expect(bounded.name?.count == OutsideFacts.maxNameCharacters)
        #expect(bounded.artist == nil)
        #expect(bounded.summary == "one\ntwo ")
        #expect(bounded.url == nil && bounded.listeners == nil && bounded.durationMs == nil && bounded.date == nil)
        #expect(bounded.tags.count == OutsideFacts.maxTags && bounded.tags.allSatisfy { $0.weight == 0 })
        #expect(bounded.similar == [OutsideFacts.Match("a", match: 1)])
        #expect(bounded.images == [OutsideFacts.Image("https://x/y")])
        #expect(bounded.musicBrainz.artists == ["0383dadf-2a4e-4d10-a46a-e9e041da8eb3"])
    }

    @Test("A date has a year, perhaps a month and a day")
    func dates() {
        for (text, isDate) in [
            ("1997", true), ("1997-05", true), ("1997-05-21", true), ("97", false), ("1997-5", false),
        ] {
            var facts = OutsideFacts()
            facts.date = text
            #expect((facts.bounded().date != nil) == isDate)
        }
    }

    @Test("An id of MusicBrainz is a UUID, in lower case")
    func ids() {
        #expect(MusicBrainzID("0383DADF-2A4E-4D10-A46A-E9E041DA8EB3")?.text == "0383dadf-2a4e-4d10-a46a-e9e041da8eb3")
        for text in ["", "0383dadf2a4e4d10a46ae9e041da8eb3", "0383dadf-2a4e-4d10-a46a-e9e041da8ebg", "../../etc"] {
            #expect(MusicBrainzID(text) == nil)
        }
    }

    @Test("What opens an account is not printed")
    func hidden() {
        let account = ServiceAccount(name: "me", secret: HiddenText("sk-1234"))
        var dump = ""
        Swift.dump(account, to: &dump)
        #expect(!"\(account)".contains("sk-1234") && !dump.contains("sk-1234"))
    }
}
