import Testing

/// The checkers themselves: each finds what is bad in made-up text, and nothing in what is good.
@Suite struct CheckerTests {
    private func file(_ path: String, _ text: String) -> SourceFile { SourceFile(path: path, text: text) }

    @Test(
        "A forbidden import is found",
        arguments: [
            ("Sources/API/Routes.swift", "import GRDB"), ("Sources/UseCases/Worker.swift", "@testable import CLibPQ"),
            ("Sources/API/Routes.swift", "import struct GRDB.Row"), ("Sources/Files/Walk.swift", "import CTagLib"),
            ("Sources/Audio/Decoder.swift", "import CFiles"), ("Sources/Audio/Decoder.swift", "import Persistence"),
            ("Sources/Persistence/Store.swift", "package import API"), ("Sources/Files/Walk.swift", "import Audio"),
            ("Sources/sillon/Main.swift", "    import CAudio"), ("Sources/sillon/Main.swift", "import CMediaHost"),
        ])
    func badImport(path: String, text: String) {
        #expect(ImportRules.check(file(path, "// first\n" + text)).map(\.line) == [2])
    }

    @Test(
        "An allowed import is left alone",
        arguments: [
            ("Sources/Persistence/Store.swift", "import GRDB"), ("Sources/Audio/Decoder.swift", "import CAudio"),
            ("Sources/Audio/Host.swift", "import Files"), ("Tests/AudioTests/A.swift", "import CAudio"),
            ("Sources/sillon/Main.swift", "import Persistence"), ("Sources/API/Routes.swift", "// import GRDB"),
            ("Sources/API/Routes.swift", "let text = \"import GRDB\""), ("Sources/API/A.swift", "import GRDBless"),
        ])
    func goodImport(path: String, text: String) {
        #expect(ImportRules.check(file(path, text)).isEmpty)
    }

    @Test(
        "A bad line is found",
        arguments: [
            "let a = try? read()", "let a = try! read()", "fatalError(\"no\")", "// TODO later",
            "/* FIXME */ let a = 1",
            "// XXX", "final class A: @unchecked Sendable {}", "nonisolated(unsafe) var a = 1",
            "let a = \"\\(try! read())\"", "#!/usr/bin/swift",
        ])
    func badLine(text: String) {
        #expect(TextRules.check(file("Sources/A/A.swift", text)).count == 1)
    }

    @Test(
        "A good line is left alone",
        arguments: [
            "let a = try? read()  // absent is as good as empty", "let a = \"try! TODO fatalError( XXX\"",
            "// The handle is used by one thread only.\nfinal class A: @unchecked Sendable {}", "let TODOs = 1",
            "let a = #\"try! \"quoted\" TODO\"#", "let a = \"\"\"\n  try! TODO\n  \"\"\"",
            "// fatalErrors are not used",
        ])
    func goodLine(text: String) {
        #expect(TextRules.check(file("Sources/A/A.swift", text)).isEmpty)
    }

    @Test("A file of 501 lines is found, one of 500 is not")
    func fileSize() {
        let line = "let a = 1"
        let allowed = Array(repeating: line, count: 500).joined(separator: "\n")
        #expect(SizeRules.checkFile(file("a.swift", allowed)).isEmpty)
        #expect(SizeRules.checkFile(file("a.swift", allowed + "\n" + line)).count == 1)
    }

    @Test(
        "A function of 71 lines is found, one of 70 is not",
        arguments: [
            "func a(_ b: () -> Void = {}) -> [Int]", "init?(a: Int) throws", "subscript(a: Int) -> Int", "deinit",
        ])
    func functionSize(head: String) {
        func sample(lines: Int) -> SourceFile {
            let body = Array(repeating: "    if a { print(\"}\") }  // }", count: lines - 2).joined(separator: "\n")
            return file("a.swift", "struct S {\n    let a = 1\n\(head) {\n\(body)\n}\n}")
        }
        #expect(SizeRules.checkFunctions(sample(lines: 70)).isEmpty)
        #expect(SizeRules.checkFunctions(sample(lines: 71)).map(\.line) == [3])
    }

    @Test("Requirements and calls are no functions with a body")
    func requirements() {
        let text = """
            protocol P {
                func a()
                init(b: Int)
                var c: Int { get }
            }
            let d = S.init(e: { 1 })
            struct S { func f() { g() } }
            """
        #expect(SizeRules.functions(in: text).map(\.line) == [7])
    }

    @Test("Functions inside functions, and braces in strings and comments, are counted rightly")
    func nesting() {
        let text = """
            func outer() {
                /* { /* nested */ { */
                let text = "{ \\(inner("}")) {"
                func inner(_ a: String) -> String {
                    a
                }
            }
            func last() { }
            """
        let functions = SizeRules.functions(in: text)
        #expect(functions.map(\.line) == [1, 4, 8])
        #expect(functions.map(\.lines) == [7, 3, 1])
    }

    @Test("A private path is found, a public one is not")
    func privatePaths() {
        let root = "/srv/build/sillon"
        for bad in ["see /srv/build/sillon/a", "\"/Us" + "ers/ann/Music\"", "cd /ro" + "ot/x"] {
            #expect(TextRules.privatePaths(in: file("a.md", bad), root: root).count == 1)
        }
        for good in ["/srv/build/sillonette", "/music", "/usr/lib", "https://example.org/root"] {
            #expect(TextRules.privatePaths(in: file("a.md", good), root: root).isEmpty)
        }
    }

    @Test("A log line that holds data in its message, or under a name of its own, is found")
    func logLines() {
        let bad = [
            "logger.info(\"A scan of \\(path)\")", "server.logger.error(\n    \"a \\\"b\\\" \\(c)\", metadata: m)",
            "logger.notice(\"x\", metadata: [\"path\": y])", "f(metadata: [\n  \"path\": y])",
        ]
        for text in bad { #expect(LogRules.check(file("Sources/A/B.swift", text)).count == 1, "\(text)") }
        let good = [
            "logger.info(\"A scan\", metadata: [LogKeys.path: \"\\(path)\"])", "logger.info(\"a \\\"b\\\"\")",
            "print(\"\\(logger)\")",
        ]
        for text in good { #expect(LogRules.check(file("Sources/A/B.swift", text)).isEmpty, "\(text)") }
        #expect(LogRules.check(file("Tests/A/B.swift", bad[0])).isEmpty)
    }

    @Test("A package from elsewhere is found")
    func foreignPackages() {
        let manifest = """
            .package(url: "https://github.com/apple/swift-log", from: "1.0.0"),
            .package(url: "http://github.com/apple/swift-nio", from: "1.0.0"),
            .package(path: "../local"),
            .package(url: "https://github.com.example.org/a/b", from: "1.0.0"),
            .executableTarget(
                name: "sillon"), .target(name: "Domain"), .testTarget(name: "DomainTests")
            """
        #expect(PackageRules.foreignPackages(in: manifest).count == 3)
        #expect(PackageRules.targets(in: manifest) == ["sillon", "Domain", "DomainTests"])
    }

    @Test("Paths are found in Markdown, and other words are not")
    func namedPaths() {
        let text = "See `Sources/A/B.swift`, [x](common/schemas) and `./ops/run`; not `swift build`, Sources/C or (a)."
        #expect(PackageRules.namedPaths(in: text) == ["Sources/A/B.swift", "common/schemas", "ops/run"])
    }
}
