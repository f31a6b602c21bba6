import Domain
import Testing

@Suite struct LyricsTextTests {
    private func lines(_ text: String) -> [String] {
        LyricsText.read(text, origin: .file)?.lines.map { "\($0.startMs.map(String.init) ?? "-") \($0.text)" } ?? []
    }

    @Test("Times of every usual form are read, and lines are put in their order")
    func times() {
        #expect(
            lines("[01:02]a\n[00:01.5]b\n[00:01.50]c\n[00:01.505]d\n[00:02:25] e \n[100:00.00]f")
                == ["1500 b", "1500 c", "1505 d", "2250 e", "62000 a", "6000000 f"])
        #expect(lines("[00:03.00][00:01.00] [00:02.00]again") == ["1000 again", "2000 again", "3000 again"])
        #expect(lines("[00:01.00]<00:01.00>One <00:01.50>word <b>\n[00:02.00]") == ["1000 One word <b>", "2000 "])
        #expect(lines("[00:01.00]one\r\ntwo\r\r\n[00:02.00]three") == ["1000 one", "1000 two", "2000 three"])
    }

    @Test("What a file tells of itself is kept, and is no line")
    func header() throws {
        let text = "\u{FEFF}[ar: Björk ]\n[ti:Jóga]\n[la:is]\n[by:nobody]\n[offset:-300]\n[#:note]\n[00:01.00]x"
        let lyrics = try #require(LyricsText.read(text, origin: .tag))
        #expect(lyrics.displayArtist == "Björk" && lyrics.displayTitle == "Jóga" && lyrics.language == "is")
        #expect(lyrics.offsetMs == -300 && lyrics.isSynced && lyrics.lines.count == 1 && lyrics.origin == .tag)
    }

    @Test("Plain words stay as they are, brackets and empty lines among them")
    func plain() throws {
        let text = "\n[Chorus]\nLa la [x2]\n\n[Verse 2: Somebody]\nthe end\n\n"
        #expect(lines(text) == ["- [Chorus]", "- La la [x2]", "- ", "- [Verse 2: Somebody]", "- the end"])
        #expect(try #require(LyricsText.read("a", origin: .file)).isSynced == false)
        for nothing in ["", " \n\n", "[ti:x]\n[ar:y]", "[00:01.00]\n[00:02.00]"] {
            #expect(LyricsText.read(nothing, origin: .file) == nil, "\(nothing)")
        }
    }

    @Test("Hostile text takes bounded time and room")
    func hostile() {
        let stamps = String(repeating: "[00:01.00]", count: 50_000) + "x"
        #expect(lines(stamps).count == 100)
        let many = LyricsText.read(String(repeating: "[00:01.00]x\n", count: 60_000), origin: .file)
        #expect(many?.lines.count == Lyrics.maxLines)
        let long = LyricsText.read(String(repeating: "<", count: 300_000), origin: .file)
        #expect(long?.lines.first?.text.count == 2000)
        #expect(LyricsText.read("[00:01]" + String(repeating: "<00:01", count: 50_000), origin: .file) != nil)
        for odd in [
            "[99:99]x", "[-1:00]x", "[1:2:3:4]x", "[99999:00]x", "[00:01.1234]x", "[:]x", "[]x", "[x", "[٣:٠٠]x",
        ] {
            #expect(lines(odd) == ["- \(odd)"], "\(odd)")
        }
    }
}

@Suite struct PlainTextTests {
    @Test("Every encoding that such files have is read")
    func encodings() {
        let text = "Öl – “x”"
        #expect(PlainText.decode(Array(text.utf8)) == text)
        #expect(PlainText.decode([0xEF, 0xBB, 0xBF] + Array(text.utf8)) == text)
        let units = Array("Öl 🎵".utf16)
        #expect(PlainText.decode([0xFF, 0xFE] + units.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }) == "Öl 🎵")
        #expect(PlainText.decode([0xFE, 0xFF] + units.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }) == "Öl 🎵")
        #expect(PlainText.decode([0xD6, 0x6C, 0x20, 0x96, 0x20, 0x93, 0x78, 0x94]) == text)
        #expect(PlainText.decode([0xFF, 0xFE, 0x41]) == "" && PlainText.decode([UInt8]()) == "")
        #expect(PlainText.decode([0x41, 0, 0x42]) == "AB")
        let mixed = Array("Öl.mp3\r\n".utf8) + [0xD6, 0x6C, 0x0A] + Array("Æ".utf8)
        #expect(PlainText.decode(mixed) == "Öl.mp3\r\nÖl\nÆ", "a byte spoils its own line alone")
    }
}
