import Crypto
import Domain
import UseCases

/// Passwords that were right a moment ago, and what digests are compared with. A pure value.
///
/// Players send their password with every request, many at once; to hash it each time would take a core.
struct PlayerCache: Sendable {
    /// How long a password is believed that another process may have changed, in microseconds.
    static let passwordLifetime: Int64 = 30_000_000
    static let appPasswordLifetime: Int64 = 30_000_000
    /// A digest that fits none may be of an app password that was made since: they are read again after this.
    static let appPasswordPrime: Int64 = 1_000_000
    static let maxEntries = 256

    typealias Key = [UInt8]

    private struct Known {
        let account: Account
        let at: Int64
    }

    struct Secrets: Sendable {
        let passwords: [OpenedAppPassword]
        let readAt: Int64
    }

    /// How long a password that was wrong is not looked at again.
    static let wrongLifetime: Int64 = 60_000_000

    private var known: [Key: Known] = [:]
    /// When they were found to be wrong.
    private var wrong: [Key: Int64] = [:]
    private var secrets: [String: Secrets] = [:]
    /// Checks that run: who asks the same meanwhile waits for the same answer.
    private(set) var checks: [Key: Task<Account?, any Error>] = [:]
    /// Counts changes: a check that began before one is not kept.
    private(set) var generation = 0
    /// Of this process, so that nothing in memory is a plain hash of a password.
    private let pepper = SymmetricKey(size: .bits256)

    /// One for each name and password.
    func key(name: String, password: String) -> Key {
        var code = HMAC<SHA256>(key: pepper)
        code.update(data: Array("\(name.utf8.count) \(name)".utf8))
        code.update(data: Array(password.utf8))
        return Array(code.finalize())
    }

    func account(_ key: Key, now: Int64) -> Account? {
        guard let known = known[key], now >= known.at, now - known.at < Self.passwordLifetime else { return nil }
        return known.account
    }

    mutating func begin(_ check: Task<Account?, any Error>, _ key: Key) { checks[key] = check }

    func isWrong(_ key: Key, now: Int64) -> Bool {
        guard let at = wrong[key], now >= at else { return false }
        return now - at < Self.wrongLifetime
    }

    /// - Parameter verdict: Whose password it is, nobody's, or nil when that could not be told.
    mutating func end(_ key: Key, _ verdict: Account??, now: Int64, generation: Int) {
        checks[key] = nil
        guard let verdict, generation == self.generation else { return }
        guard let account = verdict else {
            if wrong[key] == nil, wrong.count >= Self.maxEntries, let oldest = wrong.min(by: { $0.value < $1.value }) {
                wrong[oldest.key] = nil
            }
            wrong[key] = now
            return
        }
        if known[key] == nil, known.count >= Self.maxEntries,
            let oldest = known.min(by: { $0.value.at < $1.value.at })
        {
            known[oldest.key] = nil
        }
        known[key] = Known(account: account, at: now)
    }

    func secrets(of name: String, now: Int64, within age: Int64 = appPasswordLifetime) -> Secrets? {
        guard let found = secrets[name], now >= found.readAt, now - found.readAt < age else { return nil }
        return found
    }

    mutating func keep(_ passwords: [OpenedAppPassword], of name: String, now: Int64) {
        if secrets[name] == nil, secrets.count >= Self.maxEntries,
            let oldest = secrets.min(by: { $0.value.readAt < $1.value.readAt })
        {
            secrets[oldest.key] = nil
        }
        secrets[name] = Secrets(passwords: passwords, readAt: now)
    }

    mutating func remove(accountID: Int64) {
        generation += 1
        known = known.filter { $0.value.account.id != accountID }
        wrong = [:]
        removeAppPasswords()
    }

    mutating func removeAppPasswords() { secrets = [:] }
}
