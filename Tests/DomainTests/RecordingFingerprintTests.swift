import Domain
import TestSupport
import Testing

@Suite struct RecordingFingerprintTests {
    @Test(
        "What is no fingerprint is none",
        arguments: ["", "AQ", "!!!!", "AQAAAQ", "AX___w", "AQAAAv8", String(repeating: "_", count: 400)])
    func refuses(text: String) {
        #expect(RecordingFingerprint(text: text) == nil)
    }

    @Test("An empty one has no items, and nothing to compare")
    func empty() throws {
        let empty = try #require(RecordingFingerprint(text: "AQAAAA"))
        #expect(empty.items.isEmpty)
        #expect(empty.match(empty) == nil)
    }

    @Test("Steps of more than seven bits are read from behind the others")
    func largeSteps() {
        // Two items: bit 31 alone, then the same again. 7, 0, 0 in three bits each: 000 000 111; then 25 in five bits.
        #expect(RecordingFingerprint(text: "AQAAAgcAGQ")?.items == [1 << 31, 1 << 31])
    }

    @Test("The best shift counts, as far as ten seconds; less than ten seconds of overlap say nothing")
    func shifts() throws {
        var random = SplitMix64(seed: 1)
        let items = (0..<400).map { _ in UInt32.random(in: .min ... .max, using: &random) }
        let whole = RecordingFingerprint(items: items)
        #expect(whole.match(whole) == FingerprintMatch(bitErrorRate: 0, overlapMs: 49_524, offsetMs: 0))
        let cut = RecordingFingerprint(items: Array(items.dropFirst(80)))
        #expect(whole.match(cut) == FingerprintMatch(bitErrorRate: 0, overlapMs: 39_619, offsetMs: 9_905))
        #expect(cut.match(whole)?.offsetMs == -9_905)
        let cutTooFar = RecordingFingerprint(items: Array(items.dropFirst(90)))
        #expect(try #require(whole.match(cutTooFar)).bitErrorRate > 0.4)
        #expect(whole.match(RecordingFingerprint(items: Array(items.prefix(79)))) == nil)
        let oneBit = RecordingFingerprint(items: items.map { $0 ^ 1 })
        #expect(whole.match(oneBit)?.bitErrorRate == 1.0 / 32 && whole.variety == 400)
    }

    @Test("What the tests pack is unpacked as it was", arguments: [1, 2, 3])
    func packing(seed: UInt64) {
        let items = FingerprintText.items(seed: seed, seconds: 20) + [0, 0, .max, 1, 1 << 31]
        #expect(RecordingFingerprint(text: FingerprintText.pack(items))?.items == items)
        let noisy = FingerprintText.noisy(items, percent: 10, seed: seed)
        let rate = RecordingFingerprint(items: items).match(RecordingFingerprint(items: noisy))?.bitErrorRate ?? 1
        #expect((0.08...0.12).contains(rate))
    }
}
