import Domain
import UseCases

extension MemoryStore: TokenStore {
    func createToken(
        account: Int64?, name: String, role: AccessRole, workRoles: Set<Role>?, expiresAt: Int64?
    ) async throws -> (token: AccessToken, secret: String) {
        try perform { state in
            let id = (state.tokens.map(\.token.id).max() ?? 0) + 1
            let token = AccessToken(
                id: id, accountID: account ?? 1, name: name, role: role, createdAt: MemoryStore.now,
                expiresAt: expiresAt, lastUsedAt: nil)
            state.tokens.append((token, "secret-\(id)"))
            return (token, "secret-\(id)")
        }
    }

    func createSession(
        of parent: AccessToken, expiresAt: Int64
    ) async throws -> (token: AccessToken, secret: String) {
        try perform { state in
            let id = (state.tokens.map(\.token.id).max() ?? 0) + 1
            let token = AccessToken(
                id: id, accountID: parent.accountID, name: parent.name, role: parent.role, createdAt: MemoryStore.now,
                expiresAt: expiresAt, lastUsedAt: nil, parentID: parent.id)
            state.tokens.append((token, "session-\(id)"))
            return (token, "session-\(id)")
        }
    }

    func verify(secret: String) async throws -> AccessToken? {
        await gate.pass()
        return change { state in
            state.verifications += 1
            return state.tokens.first { $0.secret == secret }?.token
        }
    }

    func tokens() async throws -> [AccessToken] {
        try perform { $0.tokens.map(\.token) }
    }

    func revokeToken(id: Int64) async throws {
        try perform { state in
            guard state.tokens.contains(where: { $0.token.id == id }) else {
                throw StoreError.notFound("no such token")
            }
            state.tokens.removeAll { $0.token.id == id || $0.token.parentID == id }
        }
    }

    func hasAdminToken() async throws -> Bool {
        try perform { $0.tokens.contains { $0.token.role == .admin } }
    }
}
