import Domain
import UseCases

/// Accounts, as players see and administrators change them.
struct SubsonicUsers: Sendable {
    let services: APIServices
    let authenticator: Authenticator

    var methods: [SubsonicMethod] {
        [
            SubsonicMethod("getUser", required: ["username"]) { call in
                let account = try await allowed(call.parameters.require("username"), call)
                let caller = try call.account()
                // A key may do less than its account.
                let isAdmin = account.id == caller.id ? caller.isAdmin : account.role == .admin
                return .node("user", node(account, isAdmin: isAdmin, folders: try await folders()))
            },
            SubsonicMethod("getUsers", access: .admin) { _ in
                let folders = try await folders()
                let accounts = try await services.accounts.accounts().filter { $0.disabledAt == nil }
                var users = SubsonicNode()
                users.add("user", .children(accounts.map { node($0, isAdmin: $0.role == .admin, folders: folders) }))
                return .node("users", users)
            },
            SubsonicMethod("createUser", access: .admin, required: ["username", "password", "email"], handle: create),
            SubsonicMethod("updateUser", access: .admin, required: ["username"], handle: update),
            SubsonicMethod("deleteUser", access: .admin, required: ["username"]) { call in
                let account = try await services.accounts.account(named: call.parameters.require("username"))
                defer { authenticator.forget(accountID: account.id) }
                try await services.accounts.removeAccount(id: account.id)
                return .nothing
            },
            SubsonicMethod("changePassword", required: ["username", "password"], handle: changePassword),
        ]
    }

    private func folders() async throws -> [Int64] { try await services.browser.roots().map(\.id) }

    /// One's own account, and to an administrator everybody's. Whoever may not know learns nothing of who there is.
    private func allowed(_ name: String, _ call: SubsonicCall) async throws -> Account {
        let caller = try call.account()
        do {
            let account = try await services.accounts.account(named: name)
            if caller.isAdmin || account.id == caller.id { return account }
        } catch StoreError.notFound where caller.isAdmin {
            throw SubsonicError.notFound
        } catch StoreError.notFound {
            // Told below, as of any other.
        }
        throw SubsonicError(.notAuthorized, "\(caller.account.name) may not do this for others")
    }

    private func node(_ account: Account, isAdmin: Bool, folders: [Int64]) -> SubsonicNode {
        var node = SubsonicNode()
        node.set("username", account.name)
        node.set("scrobblingEnabled", flag: true)
        node.set("adminRole", flag: isAdmin)
        for (name, role) in Self.roles { node.set("\(name)Role", flag: role.isHeld) }
        node.add("folder", .values(folders.map(SubsonicNode.Scalar.integer)))
        return node
    }

    // MARK: Changes

    /// What every account may do here, and what the protocol takes for granted where nothing is said.
    private static let roles: KeyValuePairs<String, (isHeld: Bool, isUsual: Bool)> = [
        "settings": (true, true), "download": (true, false), "upload": (false, false), "playlist": (true, false),
        "coverArt": (false, false), "comment": (false, false), "podcast": (false, false), "stream": (true, true),
        "jukebox": (false, false), "share": (false, false), "videoConversion": (false, false),
    ]

    /// Throws for what cannot be given to one account or taken from it. Libraries name all roles, whether anybody chose
    /// them or not: there, what the protocol takes for granted is no wish.
    private func refuseWhatIsFixed(_ parameters: SubsonicParameters) async throws {
        let namesAll = ["settings", "stream", "upload"].allSatisfy { parameters.filled("\($0)Role") != nil }
        for (name, role) in Self.roles {
            guard let wish = try parameters.flag("\(name)Role"), wish != role.isHeld,
                !namesAll || wish != role.isUsual
            else { continue }
            throw SubsonicError(
                .generic, "\(name)Role is \(role.isHeld) for every account of this server and cannot be changed")
        }
        if try parameters.flag("ldapAuthenticated") == true {
            throw SubsonicError(.generic, "This server knows no LDAP")
        }
        if let kbps = try parameters.integer("maxBitRate"), kbps > 0 {
            throw SubsonicError(.generic, "maxBitRate cannot be set for an account; stream takes one")
        }
        let wanted = parameters.list("musicFolderId").filter { !$0.isEmpty }
        guard !wanted.isEmpty else { return }
        let folders = Set(try await folders())
        var named: Set<Int64> = []
        for text in wanted {
            guard case .folder(let id)? = SubsonicID(text), folders.contains(id) else { throw SubsonicError.notFound }
            named.insert(id)
        }
        guard named == folders else {
            throw SubsonicError(.generic, "Every account of this server hears all music folders")
        }
    }

    private func create(_ call: SubsonicCall) async throws -> SubsonicMethod.Answer {
        let parameters = call.parameters
        let name = try parameters.require("username")
        guard Account.isName(name) else {
            throw SubsonicError.invalid("username", "a name without colon, control characters and blanks at its ends")
        }
        try await refuseWhatIsFixed(parameters)
        _ = try await services.accounts.addAccount(
            NewAccount(
                name: name, role: try parameters.flag("adminRole") == true ? .admin : .user,
                password: try Self.password(parameters)))
        return .nothing
    }

    private func update(_ call: SubsonicCall) async throws -> SubsonicMethod.Answer {
        let parameters = call.parameters
        let account = try await services.accounts.account(named: parameters.require("username"))
        try await refuseWhatIsFixed(parameters)
        var change = AccountChange()
        if let isAdmin = try parameters.flag("adminRole") { change.role = isAdmin ? .admin : .user }
        if parameters.filled("password") != nil { change.password = try Self.password(parameters) }
        defer { authenticator.forget(accountID: account.id) }
        _ = try await services.accounts.changeAccount(id: account.id, change)
        return .nothing
    }

    private func changePassword(_ call: SubsonicCall) async throws -> SubsonicMethod.Answer {
        let caller = try call.account()
        let account = try await allowed(call.parameters.require("username"), call)
        // Who found a key lying about must not shut its owner out.
        guard caller.isAdmin || caller.tokenID == nil else {
            throw SubsonicError(.notAuthorized, "whoever changes a password signs in with the one that it replaces")
        }
        defer { authenticator.forget(accountID: account.id) }
        _ = try await services.accounts.changeAccount(
            id: account.id, AccountChange(password: try Self.password(call.parameters)))
        return .nothing
    }

    private static func password(_ parameters: SubsonicParameters) throws(SubsonicError) -> String {
        let password = try SubsonicSignIn.decoded(parameters.require("password"))
        guard Account.isPassword(password) else {
            throw .invalid("password", "\(Account.minPasswordCharacters) characters or more")
        }
        return password
    }
}
