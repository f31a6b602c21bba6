import Domain
import Foundation
import Testing

@testable import Audio

@Suite struct FilePartTests {
    private static func part(_ name: String, _ content: UInt8 = 0) -> FilePart { FilePart(name, [content]) }

    @Test("What is lost, changed or added is named; how often a thing is there counts")
    func damage() {
        let (a, b, other) = (Self.part("a"), Self.part("b"), Self.part("a", 1))
        #expect(FilePart.damage(from: [a, b], to: [b, a]) == nil)
        #expect(FilePart.damage(from: [a, b], to: [a]) == "lose b")
        #expect(FilePart.damage(from: [a, a], to: [a]) == "lose a")
        #expect(FilePart.damage(from: [a], to: [other]) == "change a")
        #expect(FilePart.damage(from: [a], to: [a, b]) == "add b")
        #expect(FilePart.damage(from: [a], to: [a, a]) == "add a")
    }

    @Test("A first tag may come with its header, a second one may not")
    func firstTag() {
        let (a, header) = (Self.part("a"), Self.part(FilePart.newID3v2Header))
        #expect(FilePart.damage(from: [a], to: [a, header]) == nil)
        #expect(FilePart.damage(from: [a, header], to: [a, Self.part(FilePart.newID3v2Header, 1)]) != nil)
        #expect(FilePart.damage(from: [a, header], to: [a, header, header]) != nil)
    }

    @Test("Names out of a file cannot steer a terminal")
    func names() {
        #expect(FilePart.printable("a\u{1B}[2Jb\u{9B}\n") == "a?[2Jb??")
        #expect(FilePart.printable(String(repeating: "x", count: 500)).count == 80)
    }

    @Test("FLAC keeps every block, comments without a name and an ID3v2 tag in front")
    func flac() throws {
        let lab = try SpliceLab()
        try lab.lab.tone("a.flac", ["-metadata", "title=Title"])
        try lab.lab.mutagen(
            "a.flac",
            """
            use('flac'); f = FLAC(FILE); f['replaygain_track_gain'] = '1'; f['other'] = ['kept', 'kept']
            p = Picture(); p.data = b'x' * 100; f.add_picture(p); f.save()
            """)
        let flac = try lab.lab.read("a.flac")
        let application: [UInt8] = [2, 0, 0, 8] + Array("appldata".utf8)
        let streamInfo = 4 + 4 + 34
        let tag = ID3v2Sample.rich(3)
        try lab.lab.write("a.flac", tag.bytes() + flac.prefix(streamInfo) + application + flac.dropFirst(streamInfo))
        let packets = try lab.packets("a.flac")
        try lab.write("a.flac")
        let written = try lab.lab.read("a.flac")
        #expect(written.contains(run: application))
        #expect(tag.frames.filter { written.contains(run: $0) }.count == tag.frames.count - 1, "its old gain follows")
        try lab.expectGains("a.flac")
        #expect(try lab.packets("a.flac") == packets)
        var broken = written
        let kept = try #require(Data(written).range(of: Data("kept".utf8)))
        broken.replaceSubrange(kept, with: Array("lost".utf8))
        let parts = try lab.parts("a.flac")
        try lab.lab.write("a.flac", broken)
        #expect(FilePart.damage(from: parts, to: try lab.parts("a.flac")) == "change comment OTHER")
    }

    @Test("FLAC with more metadata than is held at once is refused before any is read")
    func largeFLAC() throws {
        let lab = try SpliceLab()
        let (headerBytes, payloadBytes) = (4, 0xFF_FFFF)
        let count = FileBytes.heldBytesMax / payloadBytes + 1
        try lab.lab.write("a.flac", Array("fLaC".utf8))
        try lab.open("a.flac") { descriptor, _ in
            let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: false)
            for index in 0..<count {
                try handle.seek(toOffset: UInt64(4 + index * (headerBytes + payloadBytes)))
                let type: UInt8 = index == count - 1 ? 0x82 : 2
                try handle.write(contentsOf: Data([type] + [UInt8].bigEndian(payloadBytes, 3)))
            }
            try handle.seek(toOffset: UInt64(4 + count * (headerBytes + payloadBytes)))
            try handle.write(contentsOf: Data([0xFF, 0xF8]))
            let file = try FLACFile(FileBytes(descriptor))
            // Nothing can be read from now on.
            try handle.truncate(atOffset: 0)
            let failure = #expect(throws: Failure.self) { try file.edits(SpliceLab.texts.fields) }
            #expect(failure?.message.contains("too large") == true, "\(failure?.message ?? "")")
        }
    }

    @Test("FLAC whose padding is said to reach into the audio is refused")
    func longPadding() throws {
        let lab = try SpliceLab()
        try lab.lab.tone("a.flac")
        var bytes = try lab.lab.read("a.flac")
        let padding = try #require(Data(bytes).range(of: Data([0x81, 0x00, 0x20, 0x00])), "8 KiB, the last block")
        bytes[padding.lowerBound + 3] = 0x40
        try lab.lab.write("a.flac", bytes)
        let failure = #expect(throws: Failure.self) { try lab.open("a.flac") { try SpliceLab.texts.write($0, $1) } }
        #expect(failure?.message.contains("no audio") == true, "\(failure?.message ?? "")")
        #expect(try lab.lab.read("a.flac") == bytes)
    }

    @Test("A comment that is lost in Ogg is named")
    func ogg() throws {
        let lab = try SpliceLab()
        try lab.lab.tone("a.ogg", ["-metadata", "other=value", "-metadata", "title=Title"])
        try lab.write("a.ogg")
        try lab.expectGains("a.ogg")
        let parts = try lab.parts("a.ogg")
        var bytes = try lab.lab.read("a.ogg")
        let other = try #require(Data(bytes).range(of: Data("OTHER=value".utf8)), "TagLib writes names in capitals")
        bytes.replaceSubrange(other, with: Array("other value".utf8))
        try lab.lab.write("a.ogg", bytes)
        #expect(FilePart.damage(from: parts, to: try lab.parts("a.ogg")) == "lose comment OTHER")
    }
}
