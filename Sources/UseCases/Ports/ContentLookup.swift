/// Tells whether listening can be saved.
package protocol ContentLookup: Sendable {
    /// True when audio with this content key has an analysis by `version`, and when it must have one, a fingerprint in it.
    func hasAnalysis(contentKey: String, version: String, withFingerprint: Bool) async throws -> Bool
}
