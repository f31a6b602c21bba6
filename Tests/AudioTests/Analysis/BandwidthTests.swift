import Domain
import Foundation
import Testing

@testable import Audio

@Suite("Bandwidth and what it makes suspect")
struct BandwidthTests {
    private let workshop: AudioWorkshop

    init() throws {
        workshop = try AudioWorkshop()
        // Independent channels, so that an encoder has to share its bits.
        let channels = (1...2).map { Signal.noise(seconds: 6, amplitude: 0.3, seed: $0).channels[0] }
        try workshop.write(Signal(rate: 44_100, channels: channels).wav, "noise.wav")
        try workshop.write(Signal.noise(seconds: 6, rate: 96_000, amplitude: 0.3).wav, "high.wav")
    }

    private func signal(_ steps: [[String]]) throws -> AudioDetails.Signal {
        for step in steps { try workshop.ffmpeg(step) }
        let last = try #require(steps.last?.last)
        return try #require(workshop.analyze(workshop.path(last)).details?.signal)
    }

    @Test("A recording that reaches to the top is not suspect", arguments: ["flac", "wav", "wv"])
    func whole(type: String) throws {
        let signal = try signal([["-i", "noise.wav", "-sample_fmt", type == "wv" ? "s16p" : "s16", "a.\(type)"]])
        #expect(try #require(signal.bandwidthHz) > 21_000)
        #expect(signal.suspicions == [])
    }

    @Test(
        "A lossless file that was lossy once ends in a wall, and is suspect",
        arguments: [("128k", 15_500...17_500), ("192k", 18_000...20_000)])
    func transcoded(rate: String, range: ClosedRange<Int>) throws {
        let signal = try signal([
            ["-i", "noise.wav", "-c:a", "libmp3lame", "-b:a", rate, "a.mp3"],
            ["-i", "a.mp3", "-sample_fmt", "s16", "a.flac"],
        ])
        #expect(range.contains(try #require(signal.bandwidthHz)))
        #expect(signal.suspicions == [.transcoded])
    }

    @Test("The lossy file itself is not suspect: it does not pretend")
    func lossy() throws {
        let signal = try signal([["-i", "noise.wav", "-c:a", "libmp3lame", "-b:a", "128k", "a.mp3"]])
        #expect((15_500...17_500).contains(try #require(signal.bandwidthHz)))
        #expect(signal.suspicions == [])
    }

    @Test("A recording that fades out towards the top is not suspect, however little it has there")
    func fading() throws {
        let signal = try signal([
            ["-i", "noise.wav", "-af", "lowpass=f=4000:p=2,lowpass=f=6000:p=2", "-sample_fmt", "s16", "a.flac"]
        ])
        #expect(signal.suspicions == [])
    }

    @Test("96 kHz made of 44.1 kHz is suspect, a true one is not")
    func upsampled() throws {
        let raised = try signal([
            [
                "-i", "noise.wav", "-af", "aresample=96000:filter_size=256:cutoff=0.99", "-c:a", "pcm_s24le",
                "raised.wav",
            ]
        ])
        #expect((21_000...23_500).contains(try #require(raised.bandwidthHz)))
        #expect(raised.suspicions == [.upsampled])
        let honest = try signal([["-i", "high.wav", "-c:a", "pcm_s24le", "honest.wav"]])
        #expect(try #require(honest.bandwidthHz) > 45_000)
        #expect(honest.suspicions == [])
    }

    @Test("A tone's bandwidth is its frequency", arguments: [8000, 44_100, 96_000, 384_000])
    func tone(rate: Int) throws {
        let spectrum = NativeSpectrum()
        Signal.sine(3000, seconds: 3, rate: rate).forEachBlock { spectrum.add($0) }
        #expect(spectrum.frames == 3)
        let hertz = Bandwidth(power: try #require(spectrum.power), sampleRate: rate).hertz
        // The window's skirts and the smoothing widen it.
        #expect(hertz >= 3000 && hertz < 3000 + 120 + 64 * Double(rate) / Double(NativeSpectrum.size))
    }

    @Test("Silence has no bandwidth")
    func silence() {
        let spectrum = NativeSpectrum()
        Signal(rate: 44_100, channels: [[Float](repeating: 0, count: 200_000)]).forEachBlock { spectrum.add($0) }
        #expect(spectrum.power == nil)
    }
}
