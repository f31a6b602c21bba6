/// How far two fingerprints agree.
package struct FingerprintMatch: Hashable, Sendable {
    /// The share of bits that differ, 0…1; two recordings that have nothing to do with each other come to nearly a half.
    package var bitErrorRate: Double
    /// What was compared.
    package var overlapMs: Int
    /// By how much more the first one has at its beginning; negative where the second one has more.
    package var offsetMs: Int

    package init(bitErrorRate: Double, overlapMs: Int, offsetMs: Int) {
        self.bitErrorRate = bitErrorRate
        self.overlapMs = overlapMs
        self.offsetMs = offsetMs
    }
}
