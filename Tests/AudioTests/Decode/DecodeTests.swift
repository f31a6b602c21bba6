import Domain
import Foundation
import TestSupport
import Testing

@testable import Audio

@Suite struct DecodeTests {
    struct Format: Sendable, CustomTestStringConvertible {
        let name: String
        let options: [String]
        /// What encoders and resampling may do to a peak, in dB.
        var tolerance = 0.05
        var rate = 44_100
        var testDescription: String { name }
    }

    static let formats = [
        Format(name: "a.wav", options: ["-c:a", "pcm_s16le"]),
        Format(name: "a24.wav", options: ["-c:a", "pcm_s24le"]),
        Format(name: "a8.wav", options: ["-c:a", "pcm_u8"], tolerance: 0.3),
        Format(name: "a64.wav", options: ["-c:a", "pcm_f64le"]),
        Format(name: "a.w64", options: ["-c:a", "pcm_s32le"]),
        Format(name: "a.aiff", options: ["-c:a", "pcm_s16be"]),
        Format(name: "a.au", options: ["-c:a", "pcm_s16be"]),
        Format(name: "a.caf", options: ["-c:a", "pcm_s16le"]),
        Format(name: "a.flac", options: ["-sample_fmt", "s16"]),
        Format(name: "alac.m4a", options: ["-c:a", "alac"]),
        Format(name: "a.wv", options: ["-c:a", "wavpack"]),
        Format(name: "a.tta", options: ["-c:a", "tta"]),
        Format(name: "a.mp3", options: ["-c:a", "libmp3lame", "-b:a", "192k"], tolerance: 0.5),
        Format(name: "a.mp2", options: ["-c:a", "mp2", "-b:a", "192k"], tolerance: 0.5),
        Format(name: "a.ogg", options: ["-c:a", "libvorbis", "-q:a", "6"], tolerance: 0.5),
        Format(name: "a.opus", options: ["-c:a", "libopus", "-b:a", "128k"], tolerance: 0.5, rate: 48_000),
        Format(name: "a.m4a", options: ["-c:a", "aac", "-b:a", "192k"], tolerance: 0.5),
        Format(name: "a.aac", options: ["-c:a", "aac", "-b:a", "192k"], tolerance: 0.5),
        Format(name: "a.wma", options: ["-c:a", "wmav2", "-b:a", "192k"], tolerance: 0.5),
        Format(name: "a.mka", options: ["-c:a", "libvorbis", "-q:a", "6"], tolerance: 0.5),
        Format(name: "a.ac3", options: ["-c:a", "ac3", "-b:a", "192k"], tolerance: 0.7),
    ]

    @Test("Every format is decoded to its length, layout and level", arguments: formats)
    func decodes(format: Format) throws {
        let workshop = try AudioWorkshop()
        let tone = Signal.sine(1000, seconds: 4, rate: 44_100, amplitude: 0.5, channels: 2)
        let analysis = try workshop.analyze(workshop.encode(tone, format.name, format.options))
        #expect(analysis.status == .complete)
        #expect(analysis.sampleRate == format.rate)
        #expect(analysis.channels == 2)
        #expect(abs(analysis.durationMs - 4000) < 120)
        let peak = try #require(analysis.samplePeakDb)
        #expect(abs(peak - 20 * log10(0.5)) < format.tolerance)
        #expect(analysis.features?.count == 126)
        #expect(analysis.contentKey.count == 64)
        #expect(try workshop.contentKey(workshop.path(format.name)) == analysis.contentKey)
    }

    @Test(
        "Rates from 8 to 384 kHz and one to eight channels are measured",
        arguments: [
            (8000, 1), (11_025, 2), (16_000, 1), (22_050, 2), (32_000, 3), (44_100, 4), (48_000, 5), (48_000, 6),
            (48_000, 7), (48_000, 8), (96_000, 2), (192_000, 2), (384_000, 1), (44_101, 1), (12_345, 1),
        ])
    func ratesAndLayouts(rate: Int, channels: Int) throws {
        let workshop = try AudioWorkshop()
        let tone = Signal.sine(440, seconds: 4, rate: rate, amplitude: 0.25, channels: channels)
        let analysis = try workshop.analyze(workshop.write(tone.wav, "a.wav"))
        #expect(analysis.status == .complete)
        #expect(analysis.sampleRate == rate)
        #expect(analysis.channels == channels)
        #expect(abs(analysis.durationMs - 4000) < 5)
        #expect(abs(try #require(analysis.samplePeakDb) - 20 * log10(0.25)) < 0.01)
        #expect(analysis.features?.allSatisfy(\.isFinite) == true)
        #expect(abs(try #require(analysis.tuningCents)) < 2)
    }

    @Test("More than eight channels are a stated failure")
    func manyChannels() throws {
        let workshop = try AudioWorkshop()
        let tone = Signal.sine(440, seconds: 1, rate: 8000, channels: 12)
        let path = try workshop.write(tone.wav, "a.wav")
        #expect { try workshop.analyze(path) } throws: { ($0 as? Failure)?.reason == .unsupportedFormat }
    }

    @Test("NaN, infinite and absurd samples count as silence, the rest is measured")
    func wildSamples() throws {
        let workshop = try AudioWorkshop()
        var tone = Signal.sine(440, seconds: 4, rate: 44_100, amplitude: 0.25)
        for (index, value) in [Float.nan, .infinity, -.infinity, .greatestFiniteMagnitude, .leastNonzeroMagnitude]
            .enumerated()
        {
            for place in stride(from: 100 + index, to: 170_000, by: 997) { tone.channels[0][place] = value }
        }
        let analysis = try workshop.analyze(workshop.write(tone.wav, "a.wav"))
        #expect(analysis.status == .complete)
        #expect(abs(try #require(analysis.samplePeakDb) - 20 * log10(0.25)) < 0.01)
        #expect(analysis.features?.allSatisfy(\.isFinite) == true)
        #expect(analysis.loudnessLufs?.isFinite == true)
    }

    @Test("Silence, direct current and very short files have a stated status")
    func degenerate() throws {
        let workshop = try AudioWorkshop()
        let silence = Signal(rate: 44_100, channels: [[Float](repeating: 0, count: 441_000)])
        let silent = try workshop.analyze(workshop.write(silence.wav, "silence.wav"))
        #expect(silent.status == .silent)
        #expect(silent.samplePeakDb == nil && silent.loudnessLufs == nil && silent.features == nil)
        #expect(silent.durationMs == 10_000)

        let hiss = Signal.noise(seconds: 5, amplitude: 0.0001)
        #expect(try workshop.analyze(workshop.write(hiss.wav, "hiss.wav")).status == .silent)

        let constant = Signal(rate: 44_100, channels: [[Float](repeating: 0.5, count: 441_000)])
        let direct = try workshop.analyze(workshop.write(constant.wav, "dc.wav"))
        #expect(direct.features?.allSatisfy(\.isFinite) ?? true)
        #expect(abs(try #require(direct.samplePeakDb) + 6.02) < 0.01)

        for count in [1, 2, 100, 44_100] {
            let short = Signal(rate: 44_100, channels: [[Float](repeating: 0.1, count: count)])
            let analysis = try workshop.analyze(workshop.write(short.wav, "short.wav"))
            #expect(analysis.status == .tooShort)
            #expect(analysis.features == nil)
            #expect(analysis.samplePeakDb != nil)
        }
    }

    @Test(
        "A file cut in the middle keeps its numbers and is called truncated",
        arguments: ["a.flac", "a.mp3", "a.m4a", "a.ogg", "a.opus", "a.wav", "a.aiff", "a.caf", "a.mka", "flac.oga"])
    func truncated(name: String) throws {
        let workshop = try AudioWorkshop()
        let tone = Signal.clicks(bpm: 120, seconds: 20)
        // The index of an m4a file must stand in front, or nothing of a cut file can be read.
        let options = ["a.m4a": ["-movflags", "+faststart"], "flac.oga": ["-c:a", "flac"]]
        #expect(try workshop.analyze(workshop.encode(tone, name, options[name] ?? [])).status == .complete)
        let whole = try workshop.read(name)
        let analysis = try workshop.analyze(workshop.write(whole.prefix(whole.count / 2), "cut-" + name))
        #expect(analysis.status == .truncated)
        #expect((5000...16_000).contains(analysis.durationMs))
        #expect(analysis.features != nil)
    }

    @Test(
        "What an encoder wrote into a pipe, without knowing its size, is complete",
        arguments: ["wav", "caf", "matroska"])
    func piped(container: String) throws {
        let workshop = try AudioWorkshop()
        let source = try workshop.write(Signal.clicks(bpm: 120, seconds: 5).wav, "a.wav")
        let command = "ffmpeg -v error -i '\(source)' -c:a pcm_s16le -f \(container) - > '\(workshop.path("piped"))'"
        try Tool.run("/bin/sh", ["-c", command])
        let analysis = try workshop.analyze(workshop.path("piped"))
        #expect(analysis.status == .complete)
        #expect(abs(analysis.durationMs - 5000) < 50)
    }

    @Test("A chained stream that changes rate and layout is heard to its end")
    func changingParameters() throws {
        let workshop = try AudioWorkshop()
        try workshop.encode(
            Signal.sine(440, seconds: 4, rate: 44_100, channels: 2), "first.ogg", ["-c:a", "libvorbis"])
        try workshop.encode(Signal.sine(440, seconds: 4, rate: 22_050), "second.ogg", ["-c:a", "libvorbis"])
        let chain = try workshop.read("first.ogg") + workshop.read("second.ogg")
        let analysis = try workshop.analyze(workshop.write(chain, "chain.ogg"))
        #expect(analysis.durationMs > 3900)
        #expect(analysis.features?.allSatisfy(\.isFinite) == true)

        // Two WAV headers' worth of mp3 frames of different kinds in one file.
        try workshop.encode(
            Signal.sine(440, seconds: 3, rate: 44_100, channels: 2), "first.mp3",
            ["-write_xing", "0", "-id3v2_version", "0"])
        try workshop.encode(
            Signal.sine(440, seconds: 3, rate: 32_000), "second.mp3", ["-write_xing", "0", "-id3v2_version", "0"])
        let frames = try workshop.read("first.mp3") + workshop.read("second.mp3")
        let mixed = try workshop.analyze(workshop.write(frames, "mixed.mp3"))
        #expect(abs(mixed.durationMs - 6000) < 400)
        #expect(mixed.features?.allSatisfy(\.isFinite) == true)
    }
}
