/// Tells whether listening can be saved.
package protocol ContentLookup: Sendable {
    /// True when audio with this content key has an analysis by `version`.
    func hasAnalysis(contentKey: String, version: String) async throws -> Bool
}
