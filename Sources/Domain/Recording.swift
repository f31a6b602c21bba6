/// One encoded audio, as far as it is compared with others.
package struct Recording: Hashable, Sendable {
    package var contentKey: String
    /// When its analysis was made, in microseconds since the epoch: another analysis is compared anew.
    package var heardAt: Int64
    package var durationMs: Int
    package var fingerprint: RecordingFingerprint?
    /// A track that has this content and is present; nil when there is none.
    package var trackID: Int64?

    package init(
        contentKey: String, heardAt: Int64, durationMs: Int, fingerprint: RecordingFingerprint?, trackID: Int64?
    ) {
        self.contentKey = contentKey
        self.heardAt = heardAt
        self.durationMs = durationMs
        self.fingerprint = fingerprint
        self.trackID = trackID
    }
}

/// Two contents that are the same recording.
package struct DuplicatePair: Hashable, Sendable {
    package let one: String
    package let other: String
    package let evidence: DuplicateEvidence

    package init(_ one: String, _ other: String, _ evidence: DuplicateEvidence) {
        self.one = one
        self.other = other
        self.evidence = evidence
    }
}
