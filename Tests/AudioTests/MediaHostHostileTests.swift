import Domain
import Foundation
import TestSupport
import Testing
import UseCases

@testable import Audio

/// Whatever is in a file: it ends in a reading or in a failure that names it, and its neighbours do not notice.
@Suite struct MediaHostHostileTests {
    @Test("A 32-byte file that hangs TagLib is stopped")
    func endlessLoop() async throws {
        let lab = try MediaLab()
        let file = try lab.write("loop.wv", HostileFiles.wavPackLoop)
        #expect(try lab.read("loop.wv").count == 32)
        let failure = await failureOf { try await withPool { try await $0.readTags(of: file) } }
        expect(failure, .parserTimeout, names: "loop.wv")
    }

    @Test("Nested chapters and nested atoms crash the child, not the reader")
    func deepNesting() async throws {
        let lab = try MediaLab()
        try lab.tone("tone.mp3")
        let audio = try lab.read("tone.mp3")
        let chapters = try lab.write("chapters.mp3", HostileFiles.nestedChapters(depth: 50_000) + audio)
        let atoms = try lab.write("atoms.m4a", HostileFiles.nestedAtoms(depth: 400_000))
        try await withPool { pool in
            expect(await failureOf { try await pool.readTags(of: chapters) }, .parserCrash, names: "chapters.mp3")
            expect(await failureOf { try await pool.readTags(of: atoms) }, .parserCrash, names: "atoms.m4a")
            _ = try await pool.readTags(of: lab.file("tone.mp3"))
        }
    }

    @Test("A tag that inflates beyond the memory limit is a failure of that file")
    func compressedBomb() async throws {
        let lab = try MediaLab()
        try lab.tone("tone.mp3")
        let audio = try lab.read("tone.mp3")
        let bomb = try lab.write("bomb.mp3", try HostileFiles.compressedTitle(expandedMiB: 200) + audio)
        var settings = MediaLab.settings()
        settings.tagMemoryBytes = 64 << 20
        try await withPool(settings) { pool in
            expect(await failureOf { try await pool.readTags(of: bomb) }, .parserMemory, names: "bomb.mp3")
            _ = try await pool.readTags(of: lab.file("tone.mp3"))
        }
    }

    @Test("Numbers that cannot be true are absent")
    func lyingHeader() async throws {
        let lab = try MediaLab()
        try lab.tone("tone.mp3")
        let file = try lab.write("liar.mp3", HostileFiles.lyingXing(try lab.read("tone.mp3")))
        #expect(try lab.read("liar.mp3") != lab.read("tone.mp3"))
        let reading = try await withPool { try await $0.readTags(of: file) }
        #expect((reading.properties.durationMs ?? 0) >= 0)
        #expect((reading.properties.bitrateKbps ?? 1) > 0)
    }

    @Test("Among many files in flight only the bad ones fail")
    func neighbours() async throws {
        let lab = try MediaLab()
        try lab.tone("tone.mp3", ["-metadata", "title=Good"])
        let audio = try lab.read("tone.mp3")
        var files: [MediaFile] = []
        for index in 0..<60 {
            switch index {
            case 20: files.append(try lab.write("bad20.mp3", HostileFiles.nestedChapters(depth: 50_000) + audio))
            case 21: files.append(try lab.write("bad21.wv", HostileFiles.wavPackLoop))
            case 40: files.append(try lab.write("bad40.m4a", HostileFiles.nestedAtoms(depth: 400_000)))
            default: files.append(try lab.write("good\(index).mp3", audio))
            }
        }
        let failed = try await withPool { pool in
            await withTaskGroup(of: String?.self) { group in
                for file in files {
                    group.addTask { await failureOf { try await pool.readTags(of: file) }?.message }
                }
                return await group.reduce(into: [String]()) { if let text = $1 { $0.append(text) } }
            }
        }
        #expect(failed.count == 3)
        for name in ["bad20.mp3", "bad21.wv", "bad40.m4a"] {
            #expect(failed.contains { $0.contains("/\(name)\"") })
        }
    }

    @Test("What is no audio is refused with the reason")
    func noAudio() async throws {
        let lab = try MediaLab()
        try lab.tone("tone.flac")
        let tone = try lab.read("tone.flac")
        try lab.tone("tone.wav")
        try lab.tone("tone.m4a")
        let wave = try lab.read("tone.wav")
        let film = try lab.read("tone.m4a")
        let cases: [(String, [UInt8], Failure.Reason, String)] = [
            ("empty.mp3", [], .corruptFile, "is empty"),
            ("text.mp3", Array("This is not music.\n".utf8), .corruptFile, "is text, not music"),
            ("list.flac", Array("#EXTM3U\nother.mp3\n".utf8), .corruptFile, "is a playlist, not music"),
            ("page.m4a", Array("\n<html><body>".utf8), .corruptFile, "is a web page, not music"),
            ("picture.mp3", [0x89] + Array("PNG\r\n\u{1A}\n".utf8), .corruptFile, "is a PNG picture, not music"),
            ("text.caf", Array("caf? no".utf8), .unsupportedFormat, "is text, not music"),
            ("zero.ogg", [UInt8](repeating: 0, count: 5000), .corruptFile, "holds nothing but zero bytes"),
            ("zeros.ogg", [UInt8](repeating: 0, count: 100_000), .corruptFile, "begins with nothing but zero bytes"),
            ("cut.flac", Array(tone.prefix(20)), .corruptFile, "ends inside its FLAC header"),
            ("cut.wav", Array(wave.prefix(44)), .corruptFile, "has the header of WAV, but no audio behind it"),
            ("cut.ogg", Array("OggS".utf8), .corruptFile, "begins as an Ogg file and breaks off before its audio"),
            (
                "cut.m4a", Array(film.prefix(film.count / 2)), .corruptFile,
                "is an MP4 file without an index (moov): it breaks off, or was never finished"
            ),
            ("tag.mp3", HostileFiles.id3v24([1, 2, 3]), .corruptFile, "ends inside its ID3 tag"),
            ("noise.mp3", (0..<999).map { UInt8(truncatingIfNeeded: $0 &* $0 &* 31) }, .corruptFile, "holds no audio"),
        ]
        try await withPool { pool in
            for (name, bytes, reason, words) in cases {
                let file = try lab.write(name, bytes)
                let failure = await failureOf { try await pool.readTags(of: file) }
                expect(failure, reason, names: name)
                #expect(failure?.message.contains("/\(name)\" \(words)") == true, "\(String(describing: failure))")
            }
        }
    }

    @Test("A wrong extension does not matter: the content decides")
    func wrongExtension() async throws {
        let lab = try MediaLab()
        try lab.tone("a.flac", ["-metadata", "title=Right"])
        let file = try lab.write("a.mp3", try lab.read("a.flac"))
        let reading = try await withPool { try await $0.readTags(of: file) }
        #expect(reading.properties.codec == "flac")
        #expect(reading.metadata.title == "Right")
    }

    @Test("A truncated file gives its tags")
    func truncated() async throws {
        let lab = try MediaLab()
        try lab.tone("a.flac", ["-metadata", "title=Half"], seconds: 5)
        let whole = try lab.read("a.flac")
        let file = try lab.write("half.flac", Array(whole.prefix(whole.count / 2)))
        #expect(try await withPool { try await $0.readTags(of: file) }.metadata.title == "Half")
    }

    @Test("Names that are not UTF-8 are read and named safely")
    func hostileName() async throws {
        let lab = try MediaLab()
        try lab.tone("tone.mp3", ["-metadata", "title=Found"])
        let path = lab.root.appending([0xFF, 0x0A, 0x22] + Array(".mp3".utf8))
        #expect(link(lab.file("tone.mp3").path.display, path.bytes.map { CChar(bitPattern: $0) } + [0]) == 0)
        let gone = lab.root.appending([0xFE, 0x0A, 0x22] + Array(".mp3".utf8))
        try await withPool { pool in
            let reading = try await pool.readTags(of: MediaFile(path: path, root: lab.root))
            #expect(reading.metadata.title == "Found")
            let failure = await failureOf { try await pool.readTags(of: MediaFile(path: gone, root: lab.root)) }
            #expect(failure?.reason == .fileGone)
            #expect(failure?.message.contains("\u{FFFD}\\u{a}'.mp3\"") == true)
        }
    }

    private func expect(_ failure: Failure?, _ reason: Failure.Reason, names name: String) {
        #expect(failure?.reason == reason, "\(name): \(String(describing: failure))")
        #expect(failure?.message.contains("/\(name)\"") == true, "\(String(describing: failure))")
    }
}
