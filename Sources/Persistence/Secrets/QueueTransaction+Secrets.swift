import Domain
import UseCases

/// Secrets of accounts. Whoever writes one holds the table against a change of keys, and reads the key file after that:
/// so no secret is sealed with a key that is about to go.
extension QueueTransaction {
    func putSecret(_ secret: [UInt8], account: Int64, name: String, keys file: KeyFile) throws {
        try lockSecrets(alone: false)
        let keys = try currentKeys(file)
        let sealed = try SealedSecret(secret, account: account, name: name, key: keys.current)
        try connection.execute(
            """
            INSERT INTO account_secret (account_id, name, key_id, sealed)
            VALUES (\(account), \(name), \(sealed.keyID), \(sealed.sealed))
            ON CONFLICT (account_id, name) DO UPDATE SET key_id = excluded.key_id, sealed = excluded.sealed
            """)
    }

    /// The keys of the file, which is made when there is neither file nor secret.
    private func currentKeys(_ file: KeyFile) throws -> KeyRing {
        if let keys = try file.read() { return keys }
        let hasSecrets = try connection.first("SELECT 1 FROM account_secret LIMIT 1") { _ in true } ?? false
        guard !hasSecrets else {
            throw StoreError.fatal(
                "the key file \(file.path) is gone, and there are secrets that it opens: put it back")
        }
        return try file.make(KeyRing(KeyRing.Key(random: context.random)))
    }

    /// SQLite has one writer anyhow.
    func lockSecrets(alone: Bool) throws {
        guard connection.dialect == .postgres else { return }
        if alone {
            try connection.execute("LOCK TABLE account_secret IN SHARE ROW EXCLUSIVE MODE")
        } else {
            try connection.execute("LOCK TABLE account_secret IN ROW EXCLUSIVE MODE")
        }
    }
}
