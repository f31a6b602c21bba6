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
        #expect(empty.bitErrorRate(to: empty) == nil)
    }

    @Test("Steps of more than seven bits are read from behind the others")
    func largeSteps() {
        // Two items: bit 31 alone, then the same again. 7, 0, 0 in three bits each: 000 000 111; then 25 in five bits.
        #expect(RecordingFingerprint(text: "AQAAAgcAGQ")?.items == [1 << 31, 1 << 31])
    }

    @Test("The best shift counts, as far as ten seconds; less than ten seconds of overlap say nothing")
    func shifts() throws {
        var random = SeededGenerator(seed: 1)
        let items = (0..<400).map { _ in UInt32.random(in: .min ... .max, using: &random) }
        let whole = RecordingFingerprint(items: items)
        #expect(whole.bitErrorRate(to: whole) == 0)
        #expect(whole.bitErrorRate(to: RecordingFingerprint(items: Array(items.dropFirst(80)))) == 0)
        #expect(try #require(whole.bitErrorRate(to: RecordingFingerprint(items: Array(items.dropFirst(90))))) > 0.4)
        #expect(whole.bitErrorRate(to: RecordingFingerprint(items: Array(items.prefix(79)))) == nil)
        let oneBit = RecordingFingerprint(items: items.map { $0 ^ 1 })
        #expect(whole.bitErrorRate(to: oneBit) == 1.0 / 32)
    }
}
