import Crypto
import UseCases

/// Tokens that were verified a moment ago, by the hash of their secret. A pure value.
struct TokenCache: Sendable {
    /// How long a token is believed without asking the store again, in microseconds.
    static let lifetime: Int64 = 5_000_000
    static let maxEntries = 256

    typealias Key = [UInt8]

    private struct Entry {
        let token: AccessToken
        let verifiedAt: Int64
    }

    private var entries: [Key: Entry] = [:]
    /// Counts revocations: a verification that began before one is not kept.
    private(set) var generation = 0

    static func key(_ secret: String) -> Key { Array(SHA256.hash(data: Array(secret.utf8))) }

    /// The token, when it was verified lately and has not expired.
    func token(_ key: Key, now: Int64) -> AccessToken? {
        guard let entry = entries[key], now >= entry.verifiedAt, now - entry.verifiedAt < TokenCache.lifetime,
            entry.token.expiresAt.map({ now < $0 }) ?? true
        else { return nil }
        return entry.token
    }

    mutating func insert(_ token: AccessToken, key: Key, now: Int64, generation: Int) {
        guard generation == self.generation else { return }
        if entries[key] == nil, entries.count >= TokenCache.maxEntries,
            let oldest = entries.min(by: { $0.value.verifiedAt < $1.value.verifiedAt })
        {
            entries[oldest.key] = nil
        }
        entries[key] = Entry(token: token, verifiedAt: now)
    }

    mutating func remove(_ key: Key) { entries[key] = nil }

    mutating func remove(accountID: Int64) {
        generation += 1
        entries = entries.filter { $0.value.token.accountID != accountID }
    }

    mutating func remove(tokenID: Int64) {
        generation += 1
        entries = entries.filter { $0.value.token.id != tokenID && $0.value.token.parentID != tokenID }
    }
}
