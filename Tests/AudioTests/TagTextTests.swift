import Testing

@testable import Audio

@Suite struct TagTextTests {
    @Test(
        "Numbers and totals",
        arguments: [
            ("3", 3, nil), ("03/12", 3, 12), (" 3 / 12 ", 3, 12), ("3/", 3, nil), ("/12", nil, 12), ("7 of 12", 7, 12),
            ("0", nil, nil), ("-1", nil, nil), ("99999999999999999999", nil, nil), ("65536/65535", nil, 65535),
            ("A1", nil, nil), ("", nil, nil), ("3/12/1", 3, nil), ("٣", nil, nil),
        ] as [(String, Int?, Int?)])
    func numbers(_ text: String, _ number: Int?, _ total: Int?) {
        let found = TagText.numberAndTotal(text)
        #expect(found.number == number)
        #expect(found.total == total)
    }

    @Test(
        "Decimal numbers with units, commas and signs",
        arguments: [
            ("-7.89 dB", -7.89), ("+1,50 dB", 1.5), ("-7.89", -7.89), ("  3 dB", 3), ("nan", nil), ("inf", nil),
            ("1e99", 1), ("-", nil), ("", nil), ("dB", nil), ("1.2.3", nil), ("101", nil), ("--3", nil),
        ] as [(String, Double?)])
    func decimals(_ text: String, _ number: Double?) {
        #expect(TagText.decimal(text, in: -100...100) == number)
    }

    @Test(
        "Dates keep the precision they have",
        arguments: [
            ("1997", "1997"), ("1997-05", "1997-05"), ("1997-05-21", "1997-05-21"), ("1997-5-1", "1997-05-01"),
            ("1997-05-21T10:00:00", "1997-05-21"), ("1997-05-21 10:00", "1997-05-21"), ("19970521", "1997-05-21"),
            ("1997-00-00", "1997"), ("1997-13-01", "1997"), ("1997-02-99", "1997-02"), ("1997/05/21", "1997-05-21"),
            ("21/05/1997", "1997-05-21"), ("05/21/1997", "1997-05-21"), ("01/02/1997", "1997"),
            ("21.05.1997", "1997-05-21"),
            ("1997?", "1997"), ("0000", nil), ("97", nil), ("soon", nil), ("", nil), ("-1997", nil),
            ("99999999999999999999", nil),
        ] as [(String, String?)])
    func dates(_ text: String, _ date: String?) {
        #expect(TagDate.normalize(text) == date)
    }

    @Test(
        "Genres by name and by number",
        arguments: [
            ("Rock", ["Rock"]), ("17", ["Rock"]), ("(17)", ["Rock"]), ("(17)Rock", ["Rock"]),
            ("(17)(8)", ["Rock", "Jazz"]), ("(17)Own", ["Rock", "Own"]), ("((Brackets)", ["(Brackets)"]),
            ("RX", ["Remix"]),
            ("(CR)", ["Cover"]), ("255", ["255"]), ("2000", ["2000"]), ("(open", ["(open"]), ("(Own)", ["(Own)"]),
        ])
    func genres(_ text: String, _ genres: [String]) {
        #expect(TagText.genres(text) == genres)
    }

    @Test(
        "White space and NUL go, and what is empty then is absent",
        arguments: [
            ("a", "a"), (" a ", "a"), ("a\0b", "ab"), ("\0", nil), (" \n\t", nil), ("", nil), ("\u{3000}ä\u{A0}", "ä"),
            ("\u{FEFF}Ä", "Ä"), ("\0 a", "a"), ("e\u{301}", "e\u{301}"),
        ] as [(String, String?)])
    func cleaning(_ text: String, _ clean: String?) {
        #expect(TagText.clean(text).map { Array($0.utf8) } == clean.map { Array($0.utf8) })
    }

    @Test("Only well-formed identifiers count, in lower case")
    func identifiers() {
        let id = "b1a9c0e9-d987-4042-ae91-78d6a3267d69"
        #expect(TagText.musicBrainzIDs(id.uppercased()) == [id])
        #expect(TagText.musicBrainzIDs("\(id)/\(id); \(id)") == [id, id, id])
        #expect(TagText.musicBrainzIDs("b1a9c0e9d9874042ae9178d6a3267d69").isEmpty)
        #expect(TagText.musicBrainzIDs("b1a9c0e9-d987-4042-ae91-78d6a3267d6g").isEmpty)
        #expect(TagText.musicBrainzIDs("").isEmpty)
    }
}
