import Domain
import Testing

@testable import sillon

@Suite struct TextTableTests {
    @Test("Columns line up by what a terminal shows, not by characters")
    func wide() {
        var table = TextTable([.init("NAME"), .init("N", .right)])
        table.add(["日本", "1"])
        table.add(["e\u{301}a", "22"])
        table.add(["abcd", nil])
        #expect(table.lines(width: nil) == ["NAME   N", "日本   1", "e\u{301}a    22", "abcd   –"])
    }

    @Test("Escape sequences and line ends in a name are shown, not obeyed")
    func hostile() {
        var table = TextTable([.init("NAME")])
        table.add(["\u{1B}[31mred\u{07}\nnext\u{202E}"])
        #expect(table.lines(width: nil)[1] == "\\u{1b}[31mred\\u{7}\\nnext\\u{202e}")
    }

    @Test("On a narrow terminal the widest columns give way and no line is wider")
    func narrow() {
        var table = TextTable([.init("ID"), .init("TITLE", canShrink: true), .init("ALBUM", canShrink: true)])
        table.add(["1234567", String(repeating: "t", count: 60), String(repeating: "a", count: 30)])
        let lines = table.lines(width: 50)
        #expect(lines.allSatisfy { DisplayWidth.of($0) <= 50 })
        #expect(lines[1].contains("1234567"))
        #expect(lines[1].contains("…"))
    }

    @Test("A terminal too narrow for anything still gets lines")
    func tiny() {
        var table = TextTable([.init("TITLE", canShrink: true)])
        table.add(["a long title that does not fit"])
        #expect(table.lines(width: 1).count == 2)
    }

    @Test("Cutting never splits a wide character")
    func clipping() {
        #expect(DisplayWidth.clipped("日本語", to: 4) == "日…")
        #expect(DisplayWidth.clipped("abc", to: 3) == "abc")
        #expect(DisplayWidth.clipped("abc", to: 0) == "")
    }
}

@Suite struct ReadableTests {
    @Test(
        "Durations read naturally at every size",
        arguments: [
            (0.25, "250 ms"), (1.25, "1.2 s"), (59.94, "59.9 s"), (65, "1 min 05 s"), (3 * 3600 + 420, "3 h 07 min"),
            (50 * 3600, "2 d 2 h"), (.infinity, "–"), (-1, "–"), (.nan, "–"), (1e300, "11574074 d 1 h"),
        ] as [(Double, String)])
    func durations(seconds: Double, text: String) {
        #expect(Readable.duration(seconds: seconds) == text)
    }

    @Test(
        "Counts have their thousands marked",
        arguments: [
            (0, "0"), (999, "999"), (1000, "1,000"), (-1_234_567, "-1,234,567"),
            (Int.min, "-9,223,372,036,854,775,808"),
        ])
    func counts(number: Int, text: String) {
        #expect(Readable.count(number) == text)
    }

    @Test(
        "Lengths of music read like a player's",
        arguments: [
            (0, "0:00"), (187_999, "3:07"), (3_723_000, "1:02:03"), (-5, "0:00"),
        ])
    func lengths(milliseconds: Int, text: String) {
        #expect(Readable.length(milliseconds: milliseconds) == text)
    }
}

@Suite struct CSVTests {
    @Test("Fields with commas, quotes and line ends are quoted as RFC 4180 has it")
    func quoting() {
        #expect(
            CSV.line(["/a", "b,c", "say \"hi\"", "two\nlines", ""])
                == "/a,\"b,c\",\"say \"\"hi\"\"\",\"two\nlines\",\r\n")
    }

    @Test("No path can be taken for a formula by a spreadsheet", arguments: ["/=cmd", "/@x", "/\t=1", "/music/+1.mp3"])
    func paths(path: String) {
        #expect(!CSV.looksLikeFormula(FilePath(path).encoded))
        #expect(!CSV.looksLikeFormula(FilePath(bytes: Array(path.utf8) + [0xFF]).encoded))
    }
}
