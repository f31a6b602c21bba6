/// What one source said, and how long that is believed.
package struct OutsideFinding: Codable, Hashable, Sendable {
    package var source: ServiceID
    /// Of the summary, ISO 639; nil for a source with one language.
    package var language: String?
    /// Nil for what the source does not know.
    package var facts: OutsideFacts?
    /// Microseconds since the epoch, as all times here.
    package var fetchedAt: Int64
    package var ttlSeconds: Int

    package init(source: ServiceID, language: String?, facts: OutsideFacts?, fetchedAt: Int64, ttlSeconds: Int) {
        self.source = source
        self.language = language
        self.facts = facts
        self.fetchedAt = fetchedAt
        self.ttlSeconds = ttlSeconds
    }

    package var expiresAt: Int64 { fetchedAt + Int64(ttlSeconds) * 1_000_000 }

    private static let foundDays = 30.0
    private static let missingDays = 7.0
    /// No worker can make an answer last for ever.
    package static let ttlSecondsMax = 100 * 24 * 3600

    /// Seconds for which an answer counts. Spread, so that what was asked for on one day is not old on one day, too.
    /// - Parameter unit: a random number in 0..<1.
    package static func ttlSeconds(isFound: Bool, unit: Double) -> Int {
        let days = isFound ? foundDays : missingDays
        return Int((days * 24 * 3600 * (0.85 + 0.3 * unit)).rounded())
    }

    enum CodingKeys: String, CodingKey {
        case source, language, facts
        case fetchedAt = "fetched_at"
        case ttlSeconds = "ttl_seconds"
    }
}
