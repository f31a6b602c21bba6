import Domain
import Foundation
import TestSupport
import Testing

@testable import Audio

@Suite struct MP4SpliceTests {
    private static let layouts = ["index behind the audio", "index before the audio"]

    private static let chapters = """
        ;FFMETADATA1
        title=Title
        [CHAPTER]
        TIMEBASE=1/1000
        START=0
        END=1000
        title=First
        [CHAPTER]
        TIMEBASE=1/1000
        START=1000
        END=3000
        title=Second
        """

    /// An M4A with chapters, which are a track of their own.
    private func make(_ lab: SpliceLab, _ layout: String = layouts[1], _ flags: String = "") throws {
        try lab.lab.write("chapters", Array(Self.chapters.utf8))
        let isFirst = layout == Self.layouts[1]
        try lab.lab.tone(
            "a.m4a",
            ["-i", lab.lab.url("chapters").path, "-map", "0:a", "-map_metadata", "1", "-map_chapters", "1"]
                + (flags.isEmpty ? isFirst ? ["-movflags", "+faststart"] : [] : ["-movflags", flags]),
            seconds: 3)
    }

    private func chapters(_ lab: SpliceLab) throws -> String {
        try Tool.run("ffprobe", ["-v", "quiet", "-show_chapters", "-of", "json", lab.lab.url("a.m4a").path])
    }

    private func boxes(_ lab: SpliceLab) throws -> [MP4Box] {
        try lab.open("a.m4a") { descriptor, _ in try MP4Box.list(FileBytes(descriptor)) }
    }

    /// Puts a box at the end of another one within `moov`; nothing may lie behind that.
    private func insert(_ box: [UInt8], in path: [String], _ bytes: inout [UInt8]) throws {
        var (range, parents): (Range<Int>, [MP4Box]) = (0..<bytes.count, [])
        for type in path {
            let parent = try #require(try MP4Box.list(in: bytes, range).first { $0.type == type })
            parents.append(parent)
            range = (parent.payload.lowerBound + (type == "meta" ? 4 : 0))..<parent.payload.upperBound
        }
        bytes.insert(contentsOf: box, at: range.upperBound)
        for parent in parents {
            let size = [UInt8].bigEndian(parent.range.count + box.count, 4)
            bytes.replaceSubrange(parent.range.lowerBound..<(parent.range.lowerBound + 4), with: size)
        }
    }

    @Test("Wherever the index lies, audio, chapters and tags are found again", arguments: layouts)
    func keeps(layout: String) throws {
        let lab = try SpliceLab()
        try make(lab, layout)
        let (packets, chapters, size) = (try lab.packets("a.m4a"), try chapters(lab), try lab.lab.read("a.m4a").count)
        let isFirst = try boxes(lab).prefix(2).contains { $0.type == "moov" }
        #expect(isFirst == (layout == Self.layouts[1]))
        try lab.write("a.m4a")
        #expect(try lab.lab.read("a.m4a").count > size)
        try lab.expectGains("a.m4a")
        #expect(try lab.probe("a.m4a")["title"] == "Title")
        #expect(try lab.packets("a.m4a") == packets)
        #expect(try self.chapters(lab) == chapters && chapters.contains("Second"))
        let decoded = try Tool.run(
            "ffmpeg", ["-nostdin", "-v", "error", "-i", lab.lab.url("a.m4a").path, "-map", "0:a", "-f", "null", "-"])
        #expect(decoded.isEmpty, "\(decoded)")
    }

    @Test("Boxes and tags that nobody knows stay to the byte")
    func unknown() throws {
        let lab = try SpliceLab()
        try make(lab, Self.layouts[0])
        var bytes = try lab.lab.read("a.m4a")
        let strange = MP4Box.bytes("abcd", Array(0...255))
        let named = MP4Box.bytes(
            "----",
            MP4Box.bytes("mean", Array("\0\0\0\0org.example".utf8))
                + MP4Box.bytes("name", Array("\0\0\0\0REPLAYGAIN_TRACK_GAIN".utf8))
                + MP4Box.bytes("data", [0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3]))
        for path in [["moov"], ["moov", "udta"], ["moov", "udta", "meta"], ["moov", "udta", "meta", "ilst"]] {
            try insert(strange, in: path, &bytes)
        }
        try insert(named, in: ["moov", "udta", "meta", "ilst"], &bytes)
        try lab.lab.write("a.m4a", bytes)
        let packets = try lab.packets("a.m4a")
        try lab.write("a.m4a")
        let written = try lab.lab.read("a.m4a")
        #expect(written.contains(run: named), "another program's tag of that name is not ours")
        var rest = Data(written)
        for _ in 0..<4 { rest.removeSubrange(try #require(rest.range(of: Data(strange)))) }
        try lab.expectGains("a.m4a")
        #expect(try lab.packets("a.m4a") == packets)
    }

    @Test("Room behind the tags is used before anything is moved, and gains keep the spelling of their names")
    func room() throws {
        let lab = try SpliceLab()
        try make(lab)
        try lab.lab.mutagen(
            "a.m4a",
            """
            use('mp4'); f = MP4(FILE); f['\\xa9cmt'] = 'Comment'; f['covr'] = [MP4Cover(b'\\x89PNG' * 1000, 14)]
            f['----:com.apple.iTunes:replaygain_track_gain'] = b'1.00 dB'; f.save()
            """)
        let before = try lab.lab.read("a.m4a")
        try lab.write("a.m4a")
        let after = try lab.lab.read("a.m4a")
        #expect(after.count == before.count)
        let mdat = try #require(try boxes(lab).first { $0.type == "mdat" })
        #expect(after[mdat.range] == before[mdat.range])
        #expect(after.contains(run: Array("replaygain_track_gain".utf8)))
        #expect(!after.contains(run: Array("REPLAYGAIN_TRACK_GAIN".utf8)))
        try lab.lab.mutagen(
            "a.m4a",
            """
            use('mp4'); f = MP4(FILE); assert f['\\xa9cmt'] == ['Comment'] and bytes(f['covr'][0]) == b'\\x89PNG' * 1000
            assert f['----:com.apple.iTunes:replaygain_track_gain'] == [b'-7.89 dB'] and f['\\xa9nam'] == ['Title']
            """)
    }

    @Test("What says where things lie and is not understood is never moved", arguments: ["fragments", "a strange box"])
    func fixed(what: String) throws {
        let lab = try SpliceLab()
        try make(lab, Self.layouts[1], what == "fragments" ? "+empty_moov+frag_keyframe" : "")
        if what != "fragments" {
            try lab.lab.write("a.m4a", try lab.lab.read("a.m4a") + MP4Box.bytes("mfra", [1, 2, 3]))
        }
        let before = try lab.lab.read("a.m4a")
        let failure = #expect(throws: Failure.self) { try lab.open("a.m4a") { try SpliceLab.texts.write($0, $1) } }
        #expect(failure?.message.contains("no room") == true, "\(failure?.message ?? "")")
        #expect(try lab.lab.read("a.m4a") == before)
    }

    @Test(
        "A chunk that lies where things are written over is refused, by the check as well",
        arguments: ["moov", "free", "behind the end"])
    func overwritten(place: String) throws {
        let lab = try SpliceLab()
        try make(lab)
        var bytes = try lab.lab.read("a.m4a")
        let offset = try boxes(lab).first { $0.type == place }?.range.lowerBound ?? bytes.count
        let table = try #require(Data(bytes).range(of: Data("stco".utf8)))
        // Behind version, flags and the number of entries.
        let entry = table.upperBound + 8
        bytes.replaceSubrange(entry..<(entry + 4), with: [UInt8].bigEndian(offset, 4))
        try lab.lab.write("a.m4a", bytes)
        let failure = #expect(throws: Failure.self) { try lab.open("a.m4a") { try SpliceLab.texts.write($0, $1) } }
        #expect(failure?.message.contains("no audio can be") == true, "\(failure?.message ?? "")")
        #expect(throws: Failure.self) { try lab.parts("a.m4a") }
        #expect(try lab.lab.read("a.m4a") == bytes)
    }

    @Test("The check finds an offset that is wrong, a box that is gone and audio that is another")
    func check() throws {
        let lab = try SpliceLab()
        try make(lab)
        let (parts, bytes) = (try lab.parts("a.m4a"), try lab.lab.read("a.m4a"))
        let table = try #require(Data(bytes).range(of: Data("stco".utf8)))
        var wrong = bytes
        wrong[table.upperBound + 11] ^= 1
        try lab.lab.write("a.m4a", wrong)
        #expect(FilePart.damage(from: parts, to: try lab.parts("a.m4a")) == "change offsets of track 0")
        wrong = bytes
        let mdat = try #require(try boxes(lab).first { $0.type == "mdat" })
        wrong[mdat.payload.upperBound - 1] ^= 1
        try lab.lab.write("a.m4a", wrong)
        #expect(FilePart.damage(from: parts, to: try lab.parts("a.m4a")) == "change box mdat[0]")
        wrong = bytes
        let title = try #require(Data(bytes).range(of: Data("\u{A9}nam".unicodeScalars.map { UInt8($0.value) })))
        wrong.replaceSubrange(title, with: Array("free".utf8))
        try lab.lab.write("a.m4a", wrong)
        #expect(FilePart.damage(from: parts, to: try lab.parts("a.m4a"))?.contains("nam") == true)
    }
}
