/// Why two files are taken for the same recording; the surest reason first.
package enum DuplicateEvidence: Hashable, Sendable {
    /// The same encoded audio: only tags, names or places differ.
    case sameContent
    case sameFingerprint(FingerprintMatch)
    /// One of the two has no fingerprint; they sound the same (the cosine of their vectors) and are equally long.
    case probable(likeness: Double)

    package enum Kind: String, CaseIterable, Hashable, Sendable {
        case sameContent = "same_content"
        case sameFingerprint = "same_fingerprint"
        case probable
    }

    package var kind: Kind {
        switch self {
        case .sameContent: .sameContent
        case .sameFingerprint: .sameFingerprint
        case .probable: .probable
        }
    }

    /// False for what is only a guess.
    package var isVerified: Bool { kind != .probable }

    /// 0…1, by reason: 1 for the same content; 1 − 2 × bit error rate, which is 0 where bits agree by chance only; the cosine.
    package var score: Double {
        switch self {
        case .sameContent: 1
        case .sameFingerprint(let match): max(0, 1 - 2 * match.bitErrorRate)
        case .probable(let likeness): min(1, max(0, likeness))
        }
    }

    /// The same, told of the second one and the first.
    package var reversed: DuplicateEvidence {
        guard case .sameFingerprint(var match) = self else { return self }
        match.offsetMs = -match.offsetMs
        return .sameFingerprint(match)
    }

    /// Whether this says more than the other.
    package func isSurer(than other: DuplicateEvidence) -> Bool {
        (rank, -score) < (other.rank, -other.score)
    }

    private var rank: Int {
        switch kind {
        case .sameContent: 0
        case .sameFingerprint: 1
        case .probable: 2
        }
    }
}
