import Domain

/// Who may use this library. Passwords are hashed where they come in and are kept nowhere else.
package protocol AccountStore: Sendable {
    /// Throws `conflict` when the name is taken, `preconditionFailed` for what is no name or password. The first account
    /// of all is an administrator, whatever was asked for.
    func addAccount(_ account: NewAccount) async throws -> Account
    /// By id.
    func accounts() async throws -> [Account]
    func account(id: Int64) async throws -> Account
    /// By its name as people write it.
    func account(named name: String) async throws -> Account
    /// A new password ends the account's sessions, `change.keptSession` excepted; its tokens stay. Throws `conflict` when
    /// no administrator would be left that can be used.
    func changeAccount(id: Int64, _ change: AccountChange) async throws -> Account
    /// With its tokens, plays, marks and connected services. Throws as `changeAccount`.
    func removeAccount(id: Int64) async throws
    /// Nil for an unknown name, a wrong password, and an account that has none or is disabled: all take as long. Throws
    /// `retryable` when too many are being verified.
    func verify(name: String, password: String) async throws -> Account?
    /// A session for a browser, for who knows the password at the moment when it is made; else as `verify`. The oldest
    /// sessions of an account end when there are too many.
    func signIn(
        name: String, password: String, expiresAt: Int64
    ) async throws -> (token: AccessToken, secret: String)?
}

package struct NewAccount: Hashable, Sendable {
    package var name: String
    package var role: Account.Role
    /// Nil: only tokens open it.
    package var password: String?

    package init(name: String, role: Account.Role, password: String?) {
        self.name = name
        self.role = role
        self.password = password
    }
}

/// What is to be otherwise; nil stays as it is.
package struct AccountChange: Hashable, Sendable {
    package var name: String?
    package var role: Account.Role?
    package var isDisabled: Bool?
    package var password: String?
    /// The session of who changes their own password.
    package var keptSession: Int64?

    package init(
        name: String? = nil, role: Account.Role? = nil, isDisabled: Bool? = nil, password: String? = nil,
        keptSession: Int64? = nil
    ) {
        self.name = name
        self.role = role
        self.isDisabled = isDisabled
        self.password = password
        self.keptSession = keptSession
    }

    /// True when an administrator who is changed so is one no more.
    package var endsAdministration: Bool { role == .user || isDisabled == true }
}
