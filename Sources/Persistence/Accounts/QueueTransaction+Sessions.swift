import Domain
import UseCases

/// Sessions of browsers: rows of `token` with a parent.
extension QueueTransaction {
    /// Answers the same with its id.
    func insertSession(_ session: AccessToken, _ secret: SessionSecret) throws -> AccessToken {
        var session = session
        let id = try connection.first(
            """
            INSERT INTO token (account_id, name, role, hash, created_at, expires_at, parent_id)
            VALUES (\(session.accountID), \(session.name), \(session.role.rawValue), \(secret.hash),
                \(session.createdAt), \(session.expiresAt), \(session.parentID)) RETURNING id
            """
        ) { $0.int(0) ?? 0 }
        session.id = id ?? 0
        return session
    }

    /// Of those that the condition names.
    func endSessions(_ condition: Query, butNewest kept: Int) throws {
        try connection.execute(
            """
            UPDATE token SET revoked_at = \(now) WHERE id IN (
                SELECT id FROM token WHERE \(condition) AND parent_id IS NOT NULL AND revoked_at IS NULL
                ORDER BY id DESC LIMIT 1000 OFFSET \(kept))
            """)
    }

    /// Whoever is signed in to the account in a browser has to do so again.
    func endSessions(ofAccount id: Int64, but kept: Int64?) throws {
        try connection.execute(
            """
            UPDATE token SET revoked_at = \(now)
            WHERE account_id = \(id) AND parent_id IS NOT NULL AND revoked_at IS NULL AND id <> \(kept ?? 0)
            """)
    }
}
