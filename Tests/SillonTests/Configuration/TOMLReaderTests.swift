import Testing

@testable import sillon

@Suite struct TOMLReaderTests {
    private func values(_ text: String) throws -> [String: TOMLValue] {
        let (entries, problems) = TOMLReader.read(text)
        #expect(problems.isEmpty, "\(problems)")
        return Dictionary(uniqueKeysWithValues: entries.map { ($0.key, $0.value) })
    }

    @Test("Texts, numbers, truth, lists and sections are read")
    func whole() throws {
        let text = """
            # first
            port = 4_141   # behind
            data\t=\t"/srv/é \\"\\u00e9\\U0001F3B5\\t"
            plain = 'C:\\n # no comment'
            empty = ""
            ratio = 0.25
            large = 1e3
            less = -7
            fingerprint = true
            none = []
            music = [
                "/a",   # one
                '/b, c',
            ]

            [lastfm]
            key_file = "/k"
            [ slskd ]
            url = "http://h" # end
            """
        let read = try values(text)
        #expect(read["port"] == .integer(4141) && read["less"] == .integer(-7))
        #expect(read["data"] == .string("/srv/é \"é🎵\t"))
        #expect(read["plain"] == .string("C:\\n # no comment") && read["empty"] == .string(""))
        #expect(read["ratio"] == .float(0.25) && read["large"] == .float(1000))
        #expect(read["fingerprint"] == .boolean(true) && read["none"] == .strings([]))
        #expect(read["music"] == .strings(["/a", "/b, c"]))
        #expect(read["lastfm_key_file"] == .string("/k") && read["slskd_url"] == .string("http://h"))
        #expect(try values(text.replacing("\n", with: "\r\n")) == read)
    }

    @Test("A key knows its line, behind a list over several lines, too")
    func lines() {
        let (entries, _) = TOMLReader.read("\n# x\na = [\n 'x',\n\n]\nb = 1")
        #expect(entries.map(\.line) == [3, 7])
    }

    @Test("An empty file says nothing", arguments: ["", "\n\n", "# only", " \t\n#"])
    func empty(text: String) throws {
        #expect(try values(text).isEmpty)
    }

    @Test(
        "All else is refused with its line, and what stands there is not repeated",
        arguments: [
            "s3cret", "s3cret =", "a = s3cret", "a = \"s3cret", "a = 's3cret\n'", "a = \"s3cret\" b", "a \"s3cret\"",
            "a = \"\\q s3cret\"", "a = \"\\uD800 s3cret\"", "a = \"\\u00\"", "a = \"\"\"s3cret\"\"\"",
            "a = '''s3cret'''",
            "a = [s3cret]", "a = ['s3cret'", "a = ['x' 's3cret']", "a = [1, 2]", "a = [['s3cret']]", "a = ,",
            "a = { b = 's3cret' }", "a.b = 's3cret'", "\"a\" = 's3cret'", "= 's3cret'", "é = 's3cret'",
            "a = 0x1F", "a = 0b1", "a = 01", "a = 1__0", "a = _1", "a = 1_", "a = 1.", "a = .5", "a = 1e", "a = inf",
            "a = nan", "a = 99999999999999999999", "a = 1e999", "a = 1979-05-27", "a = True", "a = yes", "a = 1 2",
            "[s3cret", "[]", "[a.b]", "[[a]]", "[a] b = 's3cret'", "[\"a\"]",
            "a = 's3cret\u{0}'", "a = 's3cret\u{1B}[31m'", "\u{FEFF}a = 1", "a = 1\rb = 2", "a = '\u{7F}'",
        ])
    func refused(text: String) throws {
        let (entries, problems) = TOMLReader.read("\n" + text)
        let problem = try #require(problems.first)
        #expect(problem.line == 2 && entries.isEmpty, "\(entries)")
        #expect(!problem.text.contains("s3cret") && !problem.text.contains("\n"))
    }

    @Test("A key or a section is there once, however it is written")
    func twice() {
        #expect(TOMLReader.read("a = 1\nb = 2\na = 3").problems.map(\.line) == [3])
        #expect(TOMLReader.read("a_b = 1\n[a]\nb = 2").problems.map(\.line) == [3])
        #expect(TOMLReader.read("[a]\n[b]\n[a]").problems.map(\.line) == [3])
    }

    @Test("Each wrong line is told; what stands below a heading that cannot be read is not guessed at")
    func several() {
        let (entries, problems) = TOMLReader.read("a =\nb = 1\n[x y]\nc = 2\nd = ?\n[z]\ne = 3")
        #expect(problems.map(\.line) == [1, 3, 5])
        #expect(entries.map(\.key) == ["b", "z_e"])
    }

    @Test("A file of nothing but mistakes, or of brackets, ends soon")
    func hostile() {
        #expect(TOMLReader.read(String(repeating: "?\n", count: 100_000)).problems.count == 20)
        #expect(TOMLReader.read("a = " + String(repeating: "[", count: 200_000)).problems.count == 1)
        let long = "a = [" + String(repeating: "'x',", count: 5000) + "]"
        #expect(TOMLReader.read(long).problems.count == 1)
    }

    @Test("Whatever bytes come, reading ends, and with entries or problems")
    func noise() {
        var seed: UInt64 = 42
        let alphabet = Array("ab_=[]\"'\\#,.+-e019 \t\n\ruU\u{0}é")
        for _ in 0..<3000 {
            var text = ""
            for _ in 0..<40 {
                seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                text.append(alphabet[Int(seed >> 33) % alphabet.count])
            }
            let (entries, problems) = TOMLReader.read(text)
            let lines = text.replacing("\r\n", with: "\n").count { $0.unicodeScalars.contains("\n") } + 1
            #expect(entries.allSatisfy { (1...lines).contains($0.line) })
            #expect(problems.allSatisfy { (1...lines).contains($0.line) })
        }
    }
}
