import Domain
import Foundation
import Testing

@testable import Audio

/// What lies at the end of a stream besides the tags that are written, and what no tag is put before.
@Suite struct TaggedStreamSpliceTests {
    private static let v1 = Array("TAGOld title".utf8) + [UInt8](repeating: 0, count: 116)
    private static let lyrics = Array("LYRICSBEGININD00002".utf8) + Array("00000021LYRICS200".utf8)
    private static let oldLyrics = Array("LYRICSBEGINla la laLYRICSEND".utf8)
    private static let enhanced = Array("TAG+".utf8) + [UInt8](repeating: 0x41, count: 223)

    private func apeTag() -> [UInt8] {
        var tag = APETag(at: 0)
        tag.set([GainField(name: "REPLAYGAIN_TRACK_GAIN", text: "1.00 dB")])
        return tag.rendered()
    }

    private func expectRefused(_ lab: SpliceLab, _ name: String, _ bytes: [UInt8], _ reason: String) throws {
        try lab.lab.write(name, bytes)
        let failure = #expect(throws: Failure.self) { try lab.open(name) { try SpliceLab.texts.write($0, $1) } }
        #expect(failure?.message.contains(reason) == true, "\(failure?.message ?? "")")
        #expect(try lab.lab.read(name) == bytes)
    }

    @Test("An APE tag that lyrics or an enhanced ID3v1 hide is not left with old gains, nor is one put between")
    func neighbours() throws {
        let lab = try SpliceLab()
        let (audio, id3v2) = (try lab.bareMP3(), ID3v2Sample.rich(3).bytes())
        try lab.lab.tone("a.wv", ["-metadata", "title=Title"])
        let wavPack = try lab.lab.read("a.wv")
        for (end, magic) in [(Self.lyrics, "LYRICS200"), (Self.oldLyrics, "LYRICSEND"), (Self.enhanced, "TAG+")] {
            for rest in [end + Self.v1, end] {
                try expectRefused(lab, "a.mp3", id3v2 + audio + apeTag() + rest, magic)
                try expectRefused(lab, "a.mp3", audio + rest, magic)
                try expectRefused(lab, "a.wv", wavPack + rest, magic)
            }
            try lab.lab.write("a.mp3", id3v2 + audio + end + apeTag() + Self.v1)
            try lab.write("a.mp3")
            try lab.expectGains("a.mp3")
            #expect(try lab.lab.read("a.mp3").contains(run: audio + end))
        }
    }

    @Test("A first tag is put before nothing but audio: AAC in LATM, and junk, are refused")
    func noAudio() throws {
        let lab = try SpliceLab()
        let audio = try lab.bareMP3()
        for junk in [[0x56, 0xE0, 0x12, 0x34], [0, 0, 0, 0], [0xFF, 0xFB, 0xF0, 0]] as [[UInt8]] {
            for name in ["a.aac", "a.mp3"] { try expectRefused(lab, name, junk + audio, "does not begin") }
        }
        try lab.lab.write("a.aac", audio)
        try lab.write("a.aac")
        try lab.lab.tone("a.tta")
        try lab.write("a.tta")
    }
}
