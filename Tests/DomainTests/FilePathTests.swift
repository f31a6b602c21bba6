import Domain
import Foundation
import TestSupport
import Testing

@Suite struct FilePathTests {
    @Test("Names that look the same but have other bytes are different files")
    func normalisation() {
        let composed = FilePath("/music/caf\u{E9}.mp3")
        let decomposed = FilePath("/music/cafe\u{301}.mp3")
        #expect(composed.display == decomposed.display, "as text they are equal, which is the trap")
        #expect(composed != decomposed)
        #expect(Set([composed, decomposed]).count == 2)
    }

    @Test(
        "A folder contains itself and what is below it, and nothing else",
        arguments: [
            ("/music", "/music", true), ("/music", "/music/a.mp3", true), ("/music", "/music/a/b", true),
            ("/music", "/musicevil", false), ("/music", "/musicevil/a.mp3", false), ("/music", "/musi", false),
            ("/music", "/", false), ("/music", "/Music/a", false), ("/", "/", true), ("/", "/music", true),
            ("/music/a", "/music", false), ("/caf\u{E9}", "/cafe\u{301}/a", false),
        ])
    func containment(folder: String, path: String, expected: Bool) {
        #expect(FilePath(folder).contains(FilePath(path)) == expected)
    }

    @Test("Canonical paths", arguments: ["/", "/a", "/a/b.mp3", "/...", "/a/.b", "/ ", "/a\nb", "/~", "/..a", "/-rf"])
    func canonical(path: String) {
        #expect(FilePath(path).isCanonical)
    }

    @Test(
        "Paths that are not canonical",
        arguments: [
            "", "a", "./a", "/a/", "//", "//a", "/a//b", "/.", "/..", "/a/./b", "/a/../b", "/a/..", "/a\u{0}b", "\u{0}",
        ])
    func notCanonical(path: String) {
        #expect(!FilePath(path).isCanonical)
    }

    @Test("A path that is not UTF-8 may be canonical, and keeps its bytes")
    func invalidUTF8() {
        let path = FilePath(bytes: Array("/m/".utf8) + [0xFF, 0xE9])
        #expect(path.isCanonical)
        #expect(path.display == "/m/\u{FFFD}\u{FFFD}")
        #expect(path.encoded == "bytes:2f6d2fffe9")
        #expect(FilePath(encoded: "bytes:2F6D2FFFE9") == path)
    }

    @Test("Any bytes survive the encoding as text and as JSON", arguments: UInt64(1)...20)
    func encodedRoundTrip(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        for _ in 0..<100 {
            let length = Int.random(in: 0...40, using: &random)
            // Half of the cases are text, so that both forms are met.
            let limit: UInt8 = Bool.random(using: &random) ? 0x7F : 0xFF
            let bytes = [FilePath.slash] + (0..<length).map { _ in UInt8.random(in: 0...limit, using: &random) }
            let path = FilePath(bytes: bytes)
            #expect(FilePath(encoded: path.encoded) == path)
            let json = try JSONEncoder().encode([path])
            #expect(try JSONDecoder().decode([FilePath].self, from: json) == [path])
        }
    }

    @Test(
        "Hexadecimal that is none is refused",
        arguments: ["bytes:0", "bytes:0g", "bytes: 2f", "bytes:2f\n", "bytes:é0"])
    func badEncoding(text: String) {
        #expect(FilePath(encoded: text) == nil)
    }

    @Test(
        "Parent, last component and extension",
        arguments: [
            ("/music/a.MP3", "/music", "a.MP3", "mp3"), ("/a", "/", "a", ""), ("/", "/", "", ""),
            ("/m/.hidden", "/m", ".hidden", ""), ("/m/a.tar.gz", "/m", "a.tar.gz", "gz"), ("/m/a.", "/m", "a.", ""),
            ("/m.d/a", "/m.d", "a", ""),
        ])
    func components(path: String, parent: String, last: String, fileExtension: String) {
        let path = FilePath(path)
        #expect(path.parent == FilePath(parent))
        #expect(path.lastComponent == Array(last.utf8))
        #expect(path.fileExtension == fileExtension)
    }

    @Test("Appending keeps one slash between")
    func appending() {
        #expect(FilePath("/").appending(Array("a".utf8)) == FilePath("/a"))
        #expect(FilePath("/a").appending(Array("b".utf8)) == FilePath("/a/b"))
        #expect(FilePath("/a").appending([0xFF]).bytes == Array("/a/".utf8) + [0xFF])
    }
}
