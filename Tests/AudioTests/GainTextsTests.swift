import Domain
import Testing

@testable import Audio

@Suite struct GainTextsTests {
    private func gain(_ track: Double?, _ album: Double? = nil, peak: Double? = nil) -> ReplayGain {
        var gain = ReplayGain()
        (gain.trackGainDb, gain.trackPeak, gain.albumGainDb, gain.albumPeak) = (track, peak, album, peak)
        return gain
    }

    @Test("Gains have two decimals and a unit, peaks six decimals")
    func texts() {
        let texts = GainTexts(gain(-7.891, 0.004, peak: 1.0123456))
        #expect(texts.trackGain == "-7.89 dB")
        #expect(texts.albumGain == "0.00 dB")
        #expect(texts.trackPeak == "1.012346")
        #expect(texts.albumPeak == "1.012346")
    }

    @Test(
        "For Opus a gain is relative to −23 LUFS, in 256ths of a dB",
        arguments: [(5.0, "0"), (0, "-1280"), (-7.9, "-3302")])
    func opus(gain: Double, text: String) {
        #expect(GainTexts(self.gain(gain)).r128TrackGain == text)
    }

    @Test("What no tag can hold is not written; silence has neither gain nor peak")
    func absent() {
        #expect(GainTexts(gain(nil, peak: 0)).trackPeak == nil)
        #expect(GainTexts(gain(.infinity, .nan, peak: 1)).isEmpty)
        #expect(GainTexts(gain(-150)).trackGain == nil)
        #expect(GainTexts(gain(-99)).r128TrackGain == "-26624")
        #expect(GainTexts(gain(1, peak: .infinity)).trackPeak == nil)
    }

    @Test("What goes to the child arrives there")
    func packed() {
        for texts in [GainTexts(gain(-1, 2, peak: 0.5)), GainTexts(gain(-1)), GainTexts(gain(nil))] {
            let request = HostRequest(kind: .writeGain, file: MediaLab.anyFile, gain: texts)
            var frame: [UInt8] = []
            request.encode(into: &frame)
            #expect(frame.dropFirst(4).withUnsafeBytes { HostRequest(frame: $0) } == request)
        }
    }

    @Test("Tags are up to date when they say what would be written, whatever else they say")
    func current() {
        let measured = gain(-7.891, nil, peak: 0.5)
        #expect(GainWriter.isCurrent(gain(-7.89, 3, peak: 0.5), codec: "flac", measured: measured))
        #expect(!GainWriter.isCurrent(gain(-7.88, 3, peak: 0.5), codec: "flac", measured: measured))
        #expect(!GainWriter.isCurrent(gain(-7.89), codec: "flac", measured: measured))
        #expect(GainWriter.isCurrent(gain(-3300.0 / 256 + 5), codec: "opus", measured: measured))
    }
}
