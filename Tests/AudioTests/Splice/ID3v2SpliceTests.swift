import Domain
import Foundation
import TestSupport
import Testing
import UseCases

@testable import Audio

@Suite struct ID3v2SpliceTests {
    struct Kind: CustomTestStringConvertible, Sendable {
        var name: String
        var version: UInt8
        var flags: UInt8 = 0
        var extendedHeader: [UInt8] = []
        var padding = 0
        var testDescription: String { name }
    }

    private static let kinds = [
        Kind(name: "2.2", version: 2), Kind(name: "2.2 unsynchronised", version: 2, flags: 0x80),
        Kind(name: "2.3", version: 3), Kind(name: "2.3 with padding", version: 3, padding: 2000),
        Kind(name: "2.3 unsynchronised", version: 3, flags: 0x80),
        Kind(
            name: "2.3 with an extended header", version: 3, flags: 0x40,
            extendedHeader: [0, 0, 0, 6, 0, 0, 0, 0, 0, 0]),
        Kind(name: "2.4", version: 4, padding: 100), Kind(name: "2.4 unsynchronised", version: 4, flags: 0x80),
        Kind(name: "2.4 with a footer", version: 4, flags: 0x10),
        Kind(name: "2.4 with an extended header", version: 4, flags: 0x40, extendedHeader: [0, 0, 0, 6, 1, 0]),
    ]

    private func tag(_ kind: Kind) -> ID3v2Sample {
        var tag = ID3v2Sample.rich(kind.version)
        (tag.flags, tag.extendedHeader, tag.padding) = (kind.flags, kind.extendedHeader, kind.padding)
        return tag
    }

    @Test("A tag of any kind keeps its version and every frame to the byte, and the audio follows it", arguments: kinds)
    func keeps(kind: Kind) throws {
        let (lab, sample) = (try SpliceLab(), tag(kind))
        let audio = try lab.bareMP3()
        try lab.lab.write("a.mp3", sample.bytes() + audio)
        try lab.write("a.mp3")
        let written = try lab.lab.read("a.mp3")
        #expect(written[3] == kind.version && written[5] == kind.flags)
        #expect(written.suffix(audio.count) == audio[...])
        let isMixed = kind.flags & 0x80 != 0 && kind.version < 4
        let flat = isMixed ? ID3v2Tag.synchronised(Array(written.dropLast(audio.count))) : written
        let kept = sample.frames.filter { !$0.contains(run: Array("r\0e\0p\0l\0a\0y\0".utf8)) }
        #expect(kept.count == sample.frames.count - 1)
        #expect(flat.contains(run: kept.flatMap { $0 }), "they also keep their order")
        #expect(try lab.probe("a.mp3")["title"] == "Title")
        try lab.expectGains("a.mp3")
        if kind.padding >= 1000 { #expect(written.count == sample.bytes().count + audio.count) }
    }

    @Test("Another tag behind the first, and those at the end, stay as they are")
    func severalTags() throws {
        let lab = try SpliceLab()
        let audio = try lab.bareMP3()
        let second = ID3v2Sample.rich(3).bytes()
        let v1 = Array("TAG".utf8) + [UInt8](repeating: 0x41, count: 125)
        try lab.lab.write("a.mp3", ID3v2Sample.rich(4).bytes() + second + audio + v1)
        try lab.write("a.mp3")
        #expect(try lab.lab.read("a.mp3").suffix(second.count + audio.count + 128) == (second + audio + v1)[...])
        try lab.expectGains("a.mp3")
    }

    @Test("Without a tag the file gets one; only what is given is written")
    func fresh() throws {
        let lab = try SpliceLab()
        let audio = try lab.bareMP3()
        try lab.lab.write("a.mp3", audio)
        try lab.write("a.mp3", SpliceLab.track)
        #expect(try lab.lab.read("a.mp3").suffix(audio.count) == audio[...])
        #expect(try lab.probe("a.mp3")["replaygain_track_gain"] == "3.25 dB")
        #expect(try lab.probe("a.mp3")["replaygain_album_gain"] == nil)
        try lab.write("a.mp3")
        try lab.write("a.mp3", SpliceLab.track)
        #expect(try lab.probe("a.mp3")["replaygain_track_gain"] == "3.25 dB")
        #expect(try lab.probe("a.mp3")["replaygain_album_gain"] == "1.50 dB", "what is not given stays")
    }

    @Test("ID3v1 alone is not hidden: the gains go into an APE tag before it, as mp3gain writes them")
    func oldTag() async throws {
        let lab = try SpliceLab()
        let v1 = Array("TAGOld title".utf8) + [UInt8](repeating: 0, count: 116)
        let audio = try lab.bareMP3()
        let file = try lab.lab.write("a.mp3", audio + v1)
        try lab.write("a.mp3")
        let written = try lab.lab.read("a.mp3")
        #expect(written.starts(with: audio) && written.suffix(128) == v1[...])
        let reading = try await withPool { try await $0.readTags(of: file) }
        #expect(reading.metadata.title == "Old title")
        #expect(reading.metadata.replayGain.trackGainDb == -7.89)
        #expect(try lab.probe("a.mp3")["title"] == "Old title", "players that look for ID3v2 first still find it")
    }

    @Test("Old gains of mp3gain follow; all else in the APE tag stays")
    func mp3gain() throws {
        let lab = try SpliceLab()
        try lab.lab.write("a.mp3", ID3v2Sample.rich(3).bytes() + (try lab.bareMP3()))
        try lab.lab.mutagen(
            "a.mp3",
            """
            use('apev2'); a = APEv2(); a['replaygain_track_gain'] = '1.00 dB'; a['Title'] = 'Another'
            a['MP3GAIN_UNDO'] = '+001,+001,N'; a['Thing'] = APEValue(b'\\x00\\x01', 1); a.save(FILE)
            """)
        try lab.write("a.mp3")
        try lab.lab.mutagen(
            "a.mp3",
            """
            use('apev2'); a = APEv2(FILE); assert a['REPLAYGAIN_TRACK_GAIN'] == '-7.89 dB' and a['Title'] == 'Another'
            assert a['MP3GAIN_UNDO'] == '+001,+001,N' and a['Thing'].value == b'\\x00\\x01'
            """)
        try lab.expectGains("a.mp3")
    }

    @Test(
        "A tag that is not as it should be is left alone, with the reason",
        arguments: [
            ("junk behind the frames", "no frame"), ("a size beyond the file", "longer than the file"),
            ("a compressed text", "compressed"), ("a checksum", "checksum"), ("version 5", "version"),
            ("no footer where it says so", "footer"), ("a seek index", "seek index"),
            ("a chapter with its start", "by their bytes"), ("a chapter with its end", "by their bytes"),
            ("a chapter cut short", "cut short"), ("a compressed chapter", "compressed"),
        ])
    func refused(what: String, reason: String) throws {
        let lab = try SpliceLab()
        var tag = ID3v2Sample.rich(3)
        switch what {
        case "junk behind the frames": tag.frames.append([0, 0, 0, 7])
        case "a compressed text": tag.frames.append(tag.frame("TXXX", Array("xxxxx".utf8), flags: [0, 0x80]))
        case "a checksum": (tag.flags, tag.extendedHeader) = (0x40, [0, 0, 0, 10, 0x80, 0, 0, 0, 0, 0, 1, 2, 3, 4])
        case "version 5": tag.version = 5
        case "no footer where it says so":
            tag = .rich(4)
            tag.flags = 0x10
        case "a seek index": tag.frames.append(tag.frame("ASPI", [1]))
        case "a chapter with its start": tag.frames.append(tag.frame("CHAP", chapter(start: 0)))
        case "a chapter with its end": tag.frames.append(tag.frame("CHAP", chapter(end: 0xFFFF_FFFE)))
        case "a chapter cut short": tag.frames.append(tag.frame("CHAP", chapter().dropLast()))
        case "a compressed chapter": tag.frames.append(tag.frame("CHAP", chapter(), flags: [0, 0x80]))
        default: break
        }
        var bytes = tag.bytes()
        if what == "a size beyond the file" { bytes[6] = 0x7F }
        if what == "no footer where it says so" { bytes.removeLast(10) }
        try lab.lab.write("a.mp3", bytes + (try lab.bareMP3()))
        let before = try lab.lab.read("a.mp3")
        let failure = #expect(throws: Failure.self) { try lab.open("a.mp3") { try SpliceLab.texts.write($0, $1) } }
        #expect(failure?.message.contains(reason) == true, "\(failure?.message ?? "")")
        #expect(try lab.lab.read("a.mp3") == before)
    }

    /// From 0 to 1 s; its places are unused by default.
    private func chapter(start: Int = 0xFFFF_FFFF, end: Int = 0xFFFF_FFFF) -> [UInt8] {
        Array("first\0".utf8) + [0, 1000, start, end].flatMap { [UInt8].bigEndian($0, 4) }
    }

    @Test("A tag with chapters grows when they have no places in the file, and else is written within its room")
    func chapters() throws {
        let lab = try SpliceLab()
        let audio = try lab.bareMP3()
        for version in [3, 4] as [UInt8] {
            var tag = ID3v2Sample.rich(version)
            tag.frames.append(tag.frame("CHAP", chapter()))
            try lab.lab.write("a.mp3", tag.bytes() + audio)
            try lab.write("a.mp3")
            #expect(try lab.lab.read("a.mp3").count > tag.bytes().count + audio.count)
            tag.frames.append(tag.frame("CHAP", chapter(start: 5000, end: 6000)))
            tag.padding = 2000
            try lab.lab.write("a.mp3", tag.bytes() + audio)
            try lab.write("a.mp3")
            #expect(try lab.lab.read("a.mp3").count == tag.bytes().count + audio.count)
        }
    }

    @Test("WAV and AIFF keep their chunks, wherever the tag lies", arguments: ["wav", "aiff"])
    func chunks(format: String) async throws {
        let lab = try SpliceLab()
        let name = "a." + format
        try lab.lab.tone(name, ["-metadata", "title=Inside"])
        let packets = try lab.packets(name)
        try lab.write(name)
        // ffmpeg looks at no tag behind the audio of a WAV.
        let reading = try await withPool { try await $0.readTags(of: lab.lab.file(name)) }
        #expect(reading.metadata.title == "Inside" && reading.metadata.replayGain.albumPeak == 1.0625)
        if format == "aiff" { try lab.expectGains(name) }
        #expect(try lab.probe(name)["title"] == "Inside")
        // A chunk behind the tag, of odd size: then the tag has no room, and what follows moves.
        let odd = Array("ODD ".utf8) + (format == "wav" ? [3, 0, 0, 0] : [0, 0, 0, 3]) + [1, 2, 3, 0]
        var bytes = try lab.lab.read(name) + odd
        let size = bytes.count - 8
        bytes.replaceSubrange(4..<8, with: format == "wav" ? [UInt8].littleEndian(size, 4) : .bigEndian(size, 4))
        try lab.lab.write(name, bytes)
        var long = SpliceLab.texts
        long.trackPeak = String(repeating: "0", count: 3001)
        try lab.write(name, long)
        #expect(try lab.lab.read(name).suffix(odd.count) == odd[...])
        #expect(try lab.lab.read(name).contains(run: Array("REPLAYGAIN_TRACK_PEAK\0\(long.trackPeak ?? "")".utf8)))
        #expect(try lab.packets(name) == packets)
    }
}
