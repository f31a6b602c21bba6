import Domain

/// Decides whether two contents are the same recording, in other encodings or with a start or an end cut off.
///
/// The figures behind the limits are in docs/similarity.md. Bit errors and alignment after J. Haitsma and T. Kalker, "A
/// highly robust audio fingerprinting system", ISMIR 2002, who call blocks with fewer than 35 % the same at far shorter
/// overlaps; other takes of a song must stay apart here, so less is allowed.
package enum RecordingComparison {
    /// More bits that differ are another recording.
    package static let maxBitErrorRate = 0.10
    /// Of the longer fingerprint, so that no part of a piece that repeats itself is taken for the whole.
    package static let minOverlap = 2.0 / 3
    /// What is left of the difference of the durations after the starts were aligned.
    package static let endToleranceMs = 5000
    /// Neither more nor less can be aligned: a candidate's duration differs by no more.
    package static let durationToleranceMs = 15_000
    /// Fewer different items are silence, hum or a tone.
    static let minVariety = 24
    /// Cosine from which vectors are nearly the same; only where there is no fingerprint.
    package static let minLikeness = 0.985
    static let probableToleranceMs = 1000

    /// - Parameter likeness: The cosine of their vectors; nil when one has none.
    package static func evidence(
        _ one: Recording, _ other: Recording, likeness: Double?
    ) -> DuplicateEvidence? {
        if one.contentKey == other.contentKey { return .sameContent }
        if let mine = telling(one), let others = telling(other), let match = mine.match(others) {
            let ends = abs(one.durationMs - other.durationMs - match.offsetMs)
            let overlap = Double(match.overlapMs) / Double(max(mine.durationMs, others.durationMs))
            let isSame = match.bitErrorRate <= maxBitErrorRate && overlap >= minOverlap && ends <= endToleranceMs
            return isSame ? .sameFingerprint(match) : nil
        }
        guard let likeness, likeness >= minLikeness,
            abs(one.durationMs - other.durationMs) <= probableToleranceMs
        else { return nil }
        return .probable(likeness: likeness)
    }

    private static func telling(_ recording: Recording) -> RecordingFingerprint? {
        recording.fingerprint.flatMap { $0.variety >= minVariety ? $0 : nil }
    }
}
