import Domain
import Foundation
import Testing

@testable import Audio

@Suite struct ContentKeyTests {
    static let formats = [
        "a.mp3", "a.flac", "a.ogg", "a.opus", "a.m4a", "a.wav", "a.aiff", "a.wv", "a.wma", "a.mka", "a.tta",
    ]

    @Test("Other tags in the same format leave the key as it was", arguments: formats)
    func retagged(name: String) throws {
        let workshop = try AudioWorkshop()
        let tone = Signal.clicks(bpm: 100, seconds: 4)
        let original = try workshop.encode(tone, name, ["-metadata", "title=One"])
        let tags = [
            "-metadata", "title=\(String(repeating: "Another title ", count: 300))", "-metadata", "artist=Someone",
        ]
        try workshop.ffmpeg(["-i", original, "-map", "0:a", "-c", "copy"] + tags + ["new-" + name])
        #expect(try workshop.read(name) != workshop.read("new-" + name))
        #expect(try workshop.contentKey(original) == workshop.contentKey(workshop.path("new-" + name)))
    }

    @Test("Tags before and after mp3 frames are no part of the key")
    func tagsAroundFrames() throws {
        let workshop = try AudioWorkshop()
        let path = try workshop.encode(Signal.clicks(bpm: 100, seconds: 4), "a.mp3", ["-id3v2_version", "0"])
        let key = try workshop.contentKey(path)
        let frames = try workshop.read("a.mp3")
        let id3v2 = Data("ID3".utf8) + Data([4, 0, 0, 0, 0, 0x20, 0]) + Data(repeating: 0, count: 4096)
        let id3v1 = Data("TAG".utf8) + Data(repeating: 0x41, count: 125)
        let ape = Self.apeTag()
        for (index, variant) in [
            id3v2 + frames, frames + id3v1, frames + ape, frames + ape + id3v1, id3v2 + id3v2 + frames + ape + id3v1,
        ].enumerated() {
            let name = "variant-\(index).mp3"
            #expect(try workshop.contentKey(workshop.write(variant, name)) == key, "variant \(index)")
        }
    }

    @Test("A cover picture is no part of the key", arguments: ["a.mp3", "a.flac", "a.m4a"])
    func cover(name: String) throws {
        let workshop = try AudioWorkshop()
        let plain = try workshop.encode(Signal.clicks(bpm: 100, seconds: 4), name)
        try workshop.ffmpeg(["-f", "lavfi", "-i", "color=red:s=640x640", "-frames:v", "1", "cover.png"])
        try workshop.ffmpeg([
            "-i", plain, "-i", "cover.png", "-map", "0:a", "-map", "1:v", "-c", "copy", "-disposition:v",
            "attached_pic", "with-" + name,
        ])
        #expect(try workshop.contentKey(plain) == workshop.contentKey(workshop.path("with-" + name)))
    }

    @Test("Other audio, and the same audio encoded otherwise, have other keys")
    func differs() throws {
        let workshop = try AudioWorkshop()
        let tone = Signal.clicks(bpm: 100, seconds: 4)
        var keys = try Set(["a.flac", "b.mp3", "c.ogg"].map { try workshop.contentKey(workshop.encode(tone, $0)) })
        keys.insert(try workshop.contentKey(workshop.encode(tone, "d.mp3", ["-b:a", "96k"])))
        keys.insert(try workshop.contentKey(workshop.encode(Signal.clicks(bpm: 101, seconds: 4), "e.flac")))
        #expect(keys.count == 5)
    }

    private static func apeTag() -> Data {
        let item = Data([5, 0, 0, 0, 0, 0, 0, 0]) + Data("Title".utf8) + Data([0]) + Data("Hello".utf8)
        let size = UInt8(item.count + 32)
        let numbers = Data([0xd0, 0x07, 0, 0, size, 0, 0, 0, 1, 0, 0, 0])
        let header = Data("APETAGEX".utf8) + numbers + Data([0, 0, 0, 0xa0]) + Data(repeating: 0, count: 8)
        let footer = Data("APETAGEX".utf8) + numbers + Data([0, 0, 0, 0x80]) + Data(repeating: 0, count: 8)
        return header + item + footer
    }
}
