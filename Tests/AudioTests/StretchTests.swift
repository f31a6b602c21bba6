import Domain
import Foundation
import TestSupport
import Testing
import UseCases

@testable import Audio

/// Parts of real files, each as if it were a file of its own.
@Suite(.timeLimit(.minutes(3))) struct StretchTests {
    private static let tones = [330, 440, 587]
    /// In CD frames, so that none is a whole number of milliseconds.
    private static let frames = [0, 301, 605]
    private static let stretches: [Stretch] = frames.indices.compactMap { place in
        let us = frames.map { Int64($0) * 1_000_000 / 75 }
        return Stretch(beginUs: us[place], endUs: place + 1 < us.count ? us[place + 1] : nil)
    }

    /// Three tones of 4 s, one after the other, where the parts begin.
    private func album(_ lab: MediaLab, _ name: String, _ options: [String] = []) throws -> MediaFile {
        let parts = Self.tones.indices.map { place in
            let samples = (place + 1 < Self.frames.count ? Self.frames[place + 1] - Self.frames[place] : 300) * 588
            return "sine=frequency=\(Self.tones[place]):sample_rate=44100,atrim=end_sample=\(samples)[s\(place)]"
        }
        let graph = parts.joined(separator: ";") + ";[s0][s1][s2]concat=n=3:v=0:a=1,pan=stereo|c0=c0|c1=-0.5*c0"
        try Tool.run(
            "ffmpeg",
            ["-nostdin", "-v", "error", "-y", "-filter_complex", graph, "-ar", "44100"] + options + [lab.url(name).path]
        )
        return lab.file(name)
    }

    private func cut(_ file: MediaFile, _ profile: TranscodeProfile, _ stretch: Stretch) async throws -> [UInt8] {
        let pool = TranscodePool(MediaLab.settings())
        let audio = try await pool.begin(TranscodeJob(file: file, profile: profile, stretch: stretch))
        var all: [UInt8] = []
        while case let bytes = try await audio.next(), !bytes.isEmpty { all += bytes }
        return all
    }

    private func samples(_ lab: MediaLab, _ name: String) throws -> [UInt8] {
        let raw = name + ".raw"
        try Tool.run(
            "ffmpeg", ["-nostdin", "-v", "error", "-y", "-i", lab.url(name).path, "-f", "s32le", lab.url(raw).path])
        return try lab.read(raw)
    }

    @Test(
        "Parts of a lossless file, one after the other, are the file sample by sample",
        arguments: [
            ("a.flac", []), ("deep.flac", ["-sample_fmt", "s32", "-af", "volume=0.3"]), ("a.wv", []), ("a.wav", []),
        ] as [(String, [String])])
    func exact(name: String, options: [String]) async throws {
        let lab = try MediaLab()
        let file = try album(lab, "base.wav", ["-c:a", "pcm_s24le"])
        _ = file
        try Tool.run(
            "ffmpeg",
            ["-nostdin", "-v", "error", "-y", "-i", lab.url("base.wav").path] + options + [lab.url(name).path])
        var joined: [UInt8] = []
        for (place, stretch) in Self.stretches.enumerated() {
            let part = "part\(place).flac"
            try lab.write(part, try await cut(lab.file(name), TranscodeProfile(format: .flac, kbps: 0), stretch))
            let count = place < 2 ? (Self.frames[place + 1] - Self.frames[place]) * 588 : 300 * 588
            let said = try Tool.run(
                "ffprobe", ["-v", "error", "-show_entries", "stream=duration_ts", lab.url(part).path])
            #expect(said.contains("duration_ts=\(count)\n"), "its length is told before its end: \(said)")
            joined += try samples(lab, part)
        }
        #expect(joined == (try samples(lab, name)))
        // Somebody who begins in the middle of a part hears what is there.
        try lab.write(
            "late.flac",
            try await cut(lab.file(name), TranscodeProfile(format: .flac, kbps: 0, fromMs: 1500), Self.stretches[1]))
        let late = try samples(lab, "late.flac")
        let place = (Self.frames[1] * 588 + 66150) * 8
        #expect(Array(late.prefix(80_000)) == Array(try samples(lab, name)[place..<(place + 80_000)]))
    }

    @Test(
        "Each part is heard by itself and has a content of its own",
        arguments: [("a.flac", []), ("a.mp3", ["-b:a", "192k"]), ("a.wv", [])] as [(String, [String])])
    func heard(name: String, options: [String]) async throws {
        let lab = try MediaLab()
        let file = try album(lab, name, options)
        try await withPool { pool in
            let whole = try await pool.analyze(file)
            var keys: Set<String> = [whole.contentKey]
            for (place, stretch) in Self.stretches.enumerated() {
                let part = try await pool.analyze(file, stretch)
                #expect(try await pool.contentKey(of: file, stretch) == part.contentKey)
                #expect(keys.insert(part.contentKey).inserted)
                let expected = stretch.durationMs(ofFile: whole.durationMs) ?? 0
                #expect(abs(part.durationMs - expected) <= 1, "\(part.durationMs) of \(expected)")
                #expect(part.status == .complete && part.version == AudioAnalysis.currentVersion)
                let peak = part.details?.signal.map { "\($0)" } ?? ""
                #expect(!peak.isEmpty, "part \(place)")
            }
            #expect(try await pool.contentKey(of: file, Stretch(beginUs: 0, endUs: nil)) != whole.contentKey)
            let none = await failureOf { try await pool.analyze(file, Stretch(beginUs: 900_000_000, endUs: nil)) }
            #expect(none?.reason == .corruptFile)
        }
    }

    @Test("A part of a lossy file is encoded from where it begins to where it ends")
    func lossy() async throws {
        let lab = try MediaLab()
        let file = try album(lab, "a.mp3", ["-b:a", "192k"])
        try lab.write("part.opus", try await cut(file, TranscodeProfile(format: .opus, kbps: 128), Self.stretches[1]))
        let facts = try Tool.run(
            "ffprobe", ["-v", "error", "-show_entries", "format=duration", lab.url("part.opus").path])
        let seconds = try #require(
            facts.split(separator: "=").last?.split(separator: "\n").first.flatMap { Double($0) })
        #expect(abs(seconds - 304.0 / 75) < 0.01, "\(facts)")
    }
}
