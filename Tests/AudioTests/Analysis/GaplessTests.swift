import Domain
import Foundation
import Testing

@testable import Audio

@Suite("Gapless edges")
struct GaplessTests {
    @Test(
        "What an encoder put in front and behind is told, and is not in the length",
        arguments: [
            // LAME: 576 of its own and 529 of the decoder; frames of 1152.
            (name: "a.mp3", options: ["-c:a", "libmp3lame"], delay: 1105),
            // 6.5 ms at 48 kHz.
            (name: "a.opus", options: ["-c:a", "libopus", "-ar", "48000"], delay: 312),
        ])
    func told(name: String, options: [String], delay: Int) throws {
        let workshop = try AudioWorkshop()
        let tone = Signal.sine(500, seconds: 4.01, rate: 44_100)
        let analysis = try workshop.analyze(workshop.encode(tone, name, options))
        let edges = try #require(analysis.details?.edges)
        #expect(edges.encoderDelaySamples == delay)
        #expect(try #require(edges.encoderPaddingSamples) > 0)
        #expect(abs(analysis.durationMs - 4010) <= 1)
    }

    @Test("A lossless file has no such edges", arguments: ["a.flac", "a.wav", "a.wv"])
    func untold(name: String) throws {
        let workshop = try AudioWorkshop()
        let analysis = try workshop.analyze(workshop.encode(Signal.sine(500, seconds: 4), name))
        let edges = try #require(analysis.details?.edges)
        #expect(edges.encoderDelaySamples == nil && edges.encoderPaddingSamples == nil)
    }
}
