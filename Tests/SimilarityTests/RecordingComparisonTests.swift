import Domain
import Similarity
import Testing

@Suite struct RecordingComparisonTests {
    private static let song: [UInt32] = (0..<960).map { UInt32(truncatingIfNeeded: $0 &* 2_654_435_761) }

    private static func recording(_ key: String, ms: Int = 200_000, _ items: [UInt32]?) -> Recording {
        Recording(
            contentKey: key, heardAt: 1, durationMs: ms, fingerprint: items.map { RecordingFingerprint(items: $0) },
            trackID: nil)
    }

    /// Every so many-th bit differs.
    private static func changed(_ items: [UInt32], every: Int) -> [UInt32] {
        items.enumerated().map { place, item in
            (0..<32).reduce(item) { (place * 32 + $1).isMultiple(of: every) ? $0 ^ 1 << UInt32($1) : $0 }
        }
    }

    @Test("Few bits that differ are the same recording, more are another one")
    func bits() throws {
        let original = Self.recording("a", Self.song)
        let copy = RecordingComparison.evidence(
            original, Self.recording("b", Self.changed(Self.song, every: 16)), likeness: 0.1)
        guard case .sameFingerprint(let match)? = copy else { throw Missing() }
        #expect(abs(match.bitErrorRate - 1.0 / 16) < 0.01 && match.offsetMs == 0)
        let other = Self.recording("c", Self.changed(Self.song, every: 8))
        #expect(RecordingComparison.evidence(original, other, likeness: 1) == nil, "the fingerprint decides")
        #expect(RecordingComparison.evidence(original, Self.recording("a", nil), likeness: nil) == .sameContent)
    }

    @Test("A start may be cut off, and the end be a little longer; another ending is another version")
    func ends() {
        let original = Self.recording("a", Self.song)
        let cut = Self.recording("b", ms: 197_000, Array(Self.song.dropFirst(24)))
        #expect(RecordingComparison.evidence(original, cut, likeness: nil)?.kind == .sameFingerprint)
        #expect(RecordingComparison.evidence(cut, original, likeness: nil)?.kind == .sameFingerprint)
        #expect(
            RecordingComparison.evidence(
                original, Self.recording("c", ms: 204_000, Self.song), likeness: nil)?.kind == .sameFingerprint)
        for ms in [185_000, 212_000] {
            #expect(RecordingComparison.evidence(original, Self.recording("d", ms: ms, Self.song), likeness: 1) == nil)
        }
    }

    @Test("A part of a piece that repeats itself is not the whole")
    func part() {
        let bar = Array(Self.song.prefix(40))
        let loop = (0..<6).flatMap { _ in bar }
        let whole = Self.recording("a", ms: 30_000, loop)
        let part = Self.recording("b", ms: 20_000, Array(loop.prefix(140)))
        #expect(RecordingComparison.evidence(whole, part, likeness: 1) == nil)
        let cut = Self.recording("c", ms: 25_050, Array(loop.dropFirst(40)))
        #expect(RecordingComparison.evidence(whole, cut, likeness: nil)?.kind == .sameFingerprint)
    }

    @Test("Without a telling fingerprint, nearly the same sound and length is a guess, and nothing less is anything")
    func probable() {
        let hum = [UInt32](repeating: 7, count: 960)
        for (one, other) in [(nil, Self.song), (Self.song, nil), (nil, nil), (hum, hum)] {
            let (first, second) = (Self.recording("a", one), Self.recording("b", ms: 200_900, other))
            #expect(RecordingComparison.evidence(first, second, likeness: 0.99) == .probable(likeness: 0.99))
            #expect(RecordingComparison.evidence(first, second, likeness: 0.97) == nil)
            #expect(RecordingComparison.evidence(first, second, likeness: nil) == nil)
            let longer = Self.recording("c", ms: 201_500, other)
            #expect(RecordingComparison.evidence(first, longer, likeness: 0.99) == nil)
        }
    }

    private struct Missing: Error {}
}
