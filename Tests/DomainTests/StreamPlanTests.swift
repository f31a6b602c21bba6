import Testing

@testable import Domain

@Suite struct StreamPlanTests {
    private func plan(_ wish: StreamWish, codec: String = "flac", kbps: Int? = 900) -> StreamPlan {
        var audio = AudioProperties(codec: codec)
        (audio.bitrateKbps, audio.durationMs) = (kbps, 100_000)
        return StreamPlan.choose(wish, of: audio, fileBytes: 4_000_000)
    }

    private func profile(_ wish: StreamWish, codec: String = "flac", kbps: Int? = 900) -> TranscodeProfile? {
        guard case .transcode(let profile) = plan(wish, codec: codec, kbps: kbps) else { return nil }
        return profile
    }

    @Test("The file itself is sent wherever it is what was asked for")
    func original() {
        #expect(plan(StreamWish()) == .original)
        #expect(plan(StreamWish(format: .raw, maxKbps: 64, fromMs: 5000, wantsLength: true)) == .original)
        #expect(plan(StreamWish(maxKbps: 900)) == .original)
        #expect(plan(StreamWish(format: .mp3), codec: "mp3", kbps: 320) == .original)
        #expect(plan(StreamWish(format: .mp3, maxKbps: 320), codec: "mp3", kbps: 320) == .original)
        #expect(plan(StreamWish(format: .aac), codec: "aac", kbps: 256) == .original)
        #expect(plan(StreamWish(maxKbps: 320), kbps: nil) == .original, "4 MB in 100 s are 320 kbit/s")
    }

    @Test("What is too large, of another kind, or begins later is encoded")
    func transcoded() {
        #expect(profile(StreamWish(maxKbps: 200)) == TranscodeProfile(format: .mp3, kbps: 192, isConstant: true))
        #expect(profile(StreamWish(maxKbps: 319), kbps: nil)?.kbps == 256, "no frame of MP3 has 319")
        #expect(profile(StreamWish(format: .opus))?.kbps == TranscodeFormat.opus.defaultKbps)
        #expect(profile(StreamWish(format: .opus, maxKbps: 70))?.kbps == 70)
        #expect(profile(StreamWish(format: .mp3, maxKbps: 128), codec: "mp3", kbps: 320)?.kbps == 128)
        #expect(profile(StreamWish(fromMs: 1500), codec: "mp3", kbps: 320)?.fromMs == 1500)
        #expect(profile(StreamWish(fromMs: 1), codec: "opus", kbps: 96)?.format == .opus)
        #expect(profile(StreamWish(fromMs: 1), codec: "aac", kbps: 96)?.format == .mp3)
        #expect(StreamWish(fromMs: -5).fromMs == 0)
    }

    @Test("Rates that make no sense become the nearest that does", arguments: TranscodeFormat.allCases)
    func clamped(format: TranscodeFormat) {
        for kbps in [-1, 0, 1, 24, 33, 100, 320, 321, 10_000, .max] {
            let rate = format.rate(upTo: kbps)
            #expect(format.kbpsRange.contains(rate))
            #expect(rate <= max(kbps, format.kbpsRange.lowerBound))
        }
        #expect(
            format.kbpsRange.contains(format.defaultKbps) && format.rate(upTo: format.defaultKbps) == format.defaultKbps
        )
    }

    @Test("A length is promised only where the encoder keeps to it, and for no time that is over")
    func lengths() {
        #expect(profile(StreamWish(format: .opus, wantsLength: true))?.isConstant == true)
        #expect(profile(StreamWish(format: .opus))?.isConstant == false)
        #expect(TranscodeProfile(format: .aac, kbps: 128, isConstant: true).bytesMax(durationMs: 1000) == nil)
        #expect(TranscodeProfile(format: .opus, kbps: 128).bytesMax(durationMs: 1000) == nil)
        let mp3 = TranscodeProfile(format: .mp3, kbps: 128, fromMs: 60_000, isConstant: true)
        #expect(mp3.bytesMax(durationMs: 60_000) == nil)
        let minute = mp3.bytesMax(durationMs: 120_000) ?? 0
        #expect(minute > 960_000 && minute < 1_010_000)
    }
}
