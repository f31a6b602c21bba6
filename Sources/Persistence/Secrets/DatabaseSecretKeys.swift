import Domain
import UseCases

/// Changes the key that secrets are encrypted with.
///
/// Whenever the process dies, everything can be read: the file has both keys before any secret is sealed with the new
/// one, all secrets change in one transaction, and the old key goes when that is done.
package struct DatabaseSecretKeys: Sendable {
    let context: QueueContext
    let file: KeyFile

    package struct Report: Hashable, Sendable {
        package let keyID: String
        package let secrets: Int
    }

    package func rotate() async throws -> Report {
        // What a rotation that failed has left.
        try await dropUnused()
        let new = KeyRing.Key(random: context.random)
        let count = try await context.write(durable: true) { transaction in
            try transaction.lockSecrets(alone: true)
            let old = try file.read()
            let ring = KeyRing(new, others: old?.keys ?? [])
            if old == nil {
                try transaction.refuseSecretsWithoutFile(file)
            }
            try file.replace(with: ring)
            return try transaction.sealAnew(with: ring)
        }
        try await dropUnused()
        return Report(keyID: new.id, secrets: count)
    }

    /// Leaves the current key, and those that a secret still needs.
    func dropUnused() async throws {
        try await context.write(durable: true) { transaction in
            try transaction.lockSecrets(alone: true)
            guard let ring = try file.read() else { return }
            let used = Set(
                try transaction.connection.all("SELECT DISTINCT key_id FROM account_secret") { $0.text(0) ?? "" })
            let needed = KeyRing(ring.current, others: ring.keys.filter { used.contains($0.id) })
            if needed != ring { try file.replace(with: needed) }
        }
    }
}

extension QueueTransaction {
    fileprivate func refuseSecretsWithoutFile(_ file: KeyFile) throws {
        let count = try connection.first("SELECT COUNT(*) FROM account_secret") { $0.int(0) ?? 0 } ?? 0
        guard count == 0 else {
            throw StoreError.fatal(
                "the key file \(file.path) is gone, and there are \(count) secrets that it opens: put it back")
        }
    }

    /// Answers how many.
    fileprivate func sealAnew(with keys: KeyRing) throws -> Int {
        let rows = try connection.all("SELECT account_id, name, key_id, sealed FROM account_secret") { row in
            (
                account: row.int(0) ?? 0, name: row.text(1) ?? "",
                secret: SealedSecret(keyID: row.text(2) ?? "", sealed: row.bytes(3) ?? [])
            )
        }
        for row in rows {
            let clear = try row.secret.open(account: row.account, name: row.name, with: keys)
            let sealed = try SealedSecret(clear, account: row.account, name: row.name, key: keys.current)
            try connection.execute(
                """
                UPDATE account_secret SET key_id = \(sealed.keyID), sealed = \(sealed.sealed)
                WHERE account_id = \(row.account) AND name = \(row.name)
                """)
        }
        return rows.count
    }
}
