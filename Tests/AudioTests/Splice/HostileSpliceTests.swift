import Domain
import Foundation
import TestSupport
import Testing

@testable import Audio

/// Broken files end in a result or a reason; a trap would end this process.
@Suite struct HostileSpliceTests {
    private static let spliced = ["mp3", "m4a", "wav", "aiff", "flac", "wv", "tta"]
    private static let rounds = 400

    private func sample(_ lab: SpliceLab, _ format: String) throws -> [UInt8] {
        let name = "a." + format
        try lab.lab.tone(name, ["-metadata", "title=Title"] + (format == "m4a" ? ["-movflags", "+faststart"] : []))
        try lab.open(name) { try SpliceLab.texts.write($0, $1) }
        return try lab.lab.read(name)
    }

    /// Where the coded audio lies in a sound file; found by libavformat, not by what is tested.
    private func audio(_ lab: SpliceLab, _ name: String) throws -> Range<Int> {
        let url = lab.lab.url("audio")
        try Tool.run(
            "ffmpeg",
            ["-nostdin", "-v", "error", "-y", "-i", lab.lab.url(name).path, "-map", "0:a", "-c", "copy", "-f", "data"]
                + [url.path])
        let (bytes, audio) = (Data(try lab.lab.read(name)), try Data(contentsOf: url))
        return try #require(bytes.range(of: audio), "the packets lie one behind the other")
    }

    /// `audio` is where it lay before the file was broken.
    private func meet(_ lab: SpliceLab, _ name: String, _ bytes: [UInt8], _ audio: Range<Int>, _ what: Comment) throws {
        try lab.lab.write(name, bytes)
        do {
            let before = try lab.parts(name)
            let edits = try lab.edits(name)
            try lab.open(name) { try SpliceLab.texts.write($0, $1) }
            // What was written can be read again, and is all there.
            #expect(FilePart.damage(from: before, to: try lab.parts(name)) == nil, what)
            // Without a parser: nothing but the edits is changed, and none touches the audio.
            #expect(try lab.lab.read(name) == Self.changed(bytes, edits), what)
            let isClear = edits.allSatisfy {
                $0.range.upperBound <= audio.lowerBound || $0.range.lowerBound >= min(audio.upperBound, bytes.count)
            }
            #expect(isClear, what)
        } catch let failure as Failure {
            #expect(!failure.message.isEmpty, what)
        }
    }

    private static func changed(_ bytes: [UInt8], _ edits: [FileEdit]) -> [UInt8] {
        var (result, at): ([UInt8], Int) = ([], 0)
        for edit in edits.sorted(by: { $0.range.lowerBound < $1.range.lowerBound }) {
            result += bytes[at..<edit.range.lowerBound]
            result += edit.bytes
            at = edit.range.upperBound
        }
        return result + bytes[at...]
    }

    /// Into Ogg TagLib writes, which meets broken files in a process of its own.
    private func meetOgg(_ lab: SpliceLab, _ name: String, _ bytes: [UInt8], _ what: Comment) throws {
        try lab.lab.write(name, bytes)
        do {
            _ = try lab.parts(name)
        } catch let failure as Failure {
            #expect(!failure.message.isEmpty, what)
        }
    }

    private static func broken(_ bytes: [UInt8], seed: UInt64) -> [UInt8] {
        var (bytes, random) = (bytes, SplitMix64(seed: seed))
        for _ in 0..<Int.random(in: 1...4, using: &random) {
            // Tags lie at both ends.
            let place = Int.random(in: 0..<min(bytes.count, 2048), using: &random)
            let index = Bool.random(using: &random) ? place : bytes.count - 1 - place
            let any = UInt8.random(in: 0...255, using: &random)
            bytes[index] = [0, 1, 0x7F, 0x80, 0xFF, any].randomElement(using: &random) ?? any
        }
        return bytes
    }

    @Test("Numbers that lie anywhere in a file are a reason at most, and cost no audio", arguments: spliced)
    func lies(format: String) throws {
        let lab = try SpliceLab()
        let bytes = try sample(lab, format)
        let audio = try self.audio(lab, "a." + format)
        for seed in 0..<UInt64(Self.rounds) {
            try meet(lab, "b." + format, Self.broken(bytes, seed: seed), audio, "\(format), seed \(seed)")
        }
    }

    @Test("A file that is cut anywhere is a reason at most, and loses no more audio", arguments: spliced)
    func cut(format: String) throws {
        let lab = try SpliceLab()
        let bytes = try sample(lab, format)
        let audio = try self.audio(lab, "a." + format)
        for count in Self.cuts(bytes.count) {
            try meet(lab, "b." + format, Array(bytes.prefix(count)), audio, "\(format), cut to \(count) bytes")
        }
    }

    @Test("Ogg that is broken or cut is a reason at most", arguments: ["ogg", "opus"])
    func ogg(format: String) throws {
        let lab = try SpliceLab()
        let bytes = try sample(lab, format)
        for seed in 0..<UInt64(Self.rounds) {
            try meetOgg(lab, "b." + format, Self.broken(bytes, seed: seed), "\(format), seed \(seed)")
        }
        for count in Self.cuts(bytes.count) {
            try meetOgg(lab, "b." + format, Array(bytes.prefix(count)), "\(format), cut to \(count) bytes")
        }
    }

    private static func cuts(_ count: Int) -> [Int] {
        Array(0..<min(300, count)) + stride(from: 300, to: count, by: 997)
    }
}
