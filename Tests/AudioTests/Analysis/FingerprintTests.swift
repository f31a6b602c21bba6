import CChromaprint
import Domain
import Foundation
import TestSupport
import Testing

@testable import Audio

/// Against fpcalc, AcoustID's own tool.
@Suite struct FingerprintTests {
    /// Music with a melody that does not repeat: chords from a seed, every second.
    private static func music(seed: UInt64, seconds: Int) -> Signal {
        var state = seed
        let chords = (0..<seconds).map { _ in
            (0..<3).map { _ -> Int in
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                return 48 + Int(state >> 33) % 36
            }
        }
        return Signal.chords(chords, rounds: 1)
    }

    private func fingerprint(of path: String) throws -> String? {
        let file = try FileHandle(forReadingFrom: URL(filePath: path))
        defer { try? file.close() }  // It was only read.
        return try AudioAnalyzer(fingerprint: true).analyze(fd: file.fileDescriptor).details?.fingerprint
    }

    private func decoded(_ text: String) throws -> [UInt32] {
        var raw: UnsafeMutablePointer<UInt32>?
        var (size, algorithm) = (Int32(0), Int32(-1))
        try #require(
            chromaprint_decode_fingerprint(text, Int32(text.utf8.count), &raw, &size, &algorithm, 1) == 1)
        defer { chromaprint_dealloc(raw) }
        #expect(algorithm == sillon_fingerprint_algorithm)
        return Array(UnsafeBufferPointer(start: raw, count: Int(size)))
    }

    private func fpcalc(_ path: String) throws -> [UInt32] {
        // With newer versions of libav it takes the end of a file for an error, after it has printed everything.
        let lines = try Tool.run("sh", ["-c", "fpcalc -raw \"$0\" || test $? = 3", path]).split(separator: "\n")
        let line = try #require(lines.first { $0.hasPrefix("FINGERPRINT=") })
        return line.dropFirst("FINGERPRINT=".count).split(separator: ",").compactMap { UInt32($0) }
    }

    /// Part of the bits that agree, 0.5 for strangers.
    private func agreement(_ a: [UInt32], _ b: [UInt32]) -> Double {
        let pairs = zip(a, b).map { 32 - ($0 ^ $1).nonzeroBitCount }
        return Double(pairs.reduce(0, +)) / Double(32 * max(1, pairs.count))
    }

    static let codecs: [(String, [String])] = [
        ("a.flac", []), ("a.mp3", ["-b:a", "192k"]), ("a.ogg", []), ("a.opus", []), ("a.m4a", []),
        ("b.flac", ["-ar", "48000", "-ac", "2"]),
    ]

    @Test("It is fpcalc's, but for some bits", arguments: codecs)
    func oracle(name: String, options: [String]) throws {
        let workshop = try AudioWorkshop()
        let path = try workshop.encode(Self.music(seed: 1, seconds: 30), name, options)
        let ours = try decoded(try #require(try fingerprint(of: path)))
        let theirs = try fpcalc(path)
        #expect(abs(ours.count - theirs.count) <= 1)
        #expect(agreement(ours, theirs) > 0.97)
        let other = try workshop.encode(Self.music(seed: 2, seconds: 30), "other-" + name, options)
        #expect(agreement(ours, try fpcalc(other)) < 0.8)
    }

    @Test("Unpacked it is what the library unpacks, of any length", arguments: [4, 30, 150])
    func unpacks(seconds: Int) throws {
        let workshop = try AudioWorkshop()
        let path = try workshop.encode(Self.music(seed: 4, seconds: seconds), "a.flac")
        let text = try #require(try fingerprint(of: path))
        #expect(try RecordingFingerprint(text: text)?.items == decoded(text))
    }

    @Test("Another encoding of a recording is near, also when its start was cut off; other music is far")
    func recordings() throws {
        let workshop = try AudioWorkshop()
        func recording(_ seed: UInt64, _ name: String, _ options: [String] = []) throws -> RecordingFingerprint {
            let path = try workshop.encode(Self.music(seed: seed, seconds: 60), name, options)
            let text = try #require(try fingerprint(of: path))
            return try #require(RecordingFingerprint(text: text))
        }
        let original = try recording(5, "a.flac")
        let copies = try [
            recording(5, "b.mp3", ["-b:a", "128k"]), recording(5, "c.opus", ["-b:a", "96k", "-af", "volume=-6dB"]),
            recording(5, "d.ogg", ["-ss", "3"]),
        ]
        for copy in copies {
            #expect(try #require(original.match(copy)).bitErrorRate < 0.1)
            #expect(try #require(copy.match(original)).bitErrorRate < 0.1)
        }
        let other = try recording(6, "e.flac")
        #expect(try #require(original.match(other)).bitErrorRate > 0.3)
    }

    @Test("It ends after two minutes, as fpcalc's does")
    func twoMinutes() throws {
        let workshop = try AudioWorkshop()
        let path = try workshop.encode(Self.music(seed: 3, seconds: 150), "a.mp3")
        let (ours, theirs) = (try decoded(try #require(try fingerprint(of: path))), try fpcalc(path))
        #expect(abs(ours.count - theirs.count) <= 1)
        #expect(agreement(ours, theirs) > 0.97)
    }

    @Test("What is too short has none, and it is not made unless asked for")
    func none() throws {
        let workshop = try AudioWorkshop()
        let short = try workshop.encode(Signal.sine(440, seconds: 1), "a.flac")
        #expect(try fingerprint(of: short) == nil)
        let long = try workshop.encode(Self.music(seed: 1, seconds: 10), "b.flac")
        #expect(try workshop.analyze(long).details?.fingerprint == nil)
        #expect(try fingerprint(of: long) != nil)
    }
}
