import Contracts
import Domain
import HTTPTypes
import Hummingbird
import UseCases

/// `/settings/account`: one's own password, and the browsers that are signed in.
struct AccountPage: Sendable {
    let services: APIServices
    let authenticator: Authenticator

    static let path: LocalPath = "/settings/account"

    private static let current = BodyField("current_password", PasswordRule.scalar, "Needed where there is one.")
    private static let new = BodyField("password", PasswordRule.scalar, isRequired: true, "The new one.")
    private static let again = BodyField("repeated", PasswordRule.scalar, isRequired: true, "The new one again.")
    private static let session = BodyField("session", .text(1...20), isRequired: true, "The number of the session.")

    var routes: [Route] { [show, setPassword, endSession, endOthers] }

    private var show: Route {
        .page(
            Self.path.text, "accountPage", "Show one's own account", access: .user,
            parameters: [ParameterSpec(SettingsNotice.parameter)]
        ) { try await page($0, FormState()) }
    }

    private func page(_ request: APIRequest, _ state: FormState) async throws -> WebPage {
        let account = try await services.accounts.account(id: request.account())
        let sessions = try await sessions(of: account.id)
        let notice = try request.optional(SettingsNotice.parameter)
        return request.settingsPage("My account", at: .account) {
            if let notice { notice.html }
            state.banner
            HTML(.p) {
                "You are "
                HTML(.strong) { account.name }
                ", \(account.role == .admin ? "an administrator" : "a user")."
            }
            HTML.box("Password") { passwordForm(request, account, state) }
            HTML.box("Browsers that are signed in") { sessionTable(request, sessions) }
        }
    }

    /// The newest first.
    private func sessions(of account: Int64) async throws -> [AccessToken] {
        let now = services.clock()
        return try await services.tokens.tokens().filter { token in
            token.isSession && token.accountID == account && (token.expiresAt.map { now < $0 } ?? true)
        }.reversed()
    }

    // MARK: Password

    private func passwordForm(_ request: APIRequest, _ account: Account, _ state: FormState) -> HTML {
        HTML(.p, .named("hint")) {
            account.hasPassword
                ? "A new one signs out your other browsers. Your access tokens stay as they are."
                : "You have none yet: only access tokens open your account."
        }
            + request.form("/settings/account/password", class: "card") {
                // For password managers, which keep a password by its name.
                HTML(
                    .input, .init(.type, "text"), .init(.name, "username"), .init(.value, account.name),
                    .init(.autocomplete, "username"), .init(.ariaLabel, "Name"), .init(.hidden), .init(.readonly))
                if account.hasPassword {
                    state.field(Self.current.name, "Current password", .currentPassword, form: "own").html
                }
                state.field(Self.new.name, "New password", .newPassword, form: "own", hint: PasswordRule.hint).html
                state.field(Self.again.name, "New password again", .newPassword, form: "own").html
                HTML(.button, .init(.type, "submit")) { account.hasPassword ? "Change it" : "Set it" }
            }
    }

    private var setPassword: Route {
        SettingsForm(
            path: "/settings/account/password", name: "setOwnPasswordOnPage",
            summary: "Change one's own password, from a page", access: .user,
            fields: [.init(Self.current), .init(Self.new), .init(Self.again), .init(PasswordRule.userName)]
        ).route { request in
            let account = try await services.accounts.account(id: request.account())
            if account.hasPassword {
                // Who finds a browser open must not shut its owner out.
                let typed = try request.body.optional(Self.current) ?? ""
                guard try await authenticator.knows(typed, account, peer: request.peer) else {
                    throw FormProblem(Self.current.name, "This is not your password.")
                }
            }
            let new = try PasswordRule.read(request.body, Self.new)
            guard new == (try request.body.optional(Self.again) ?? "") else {
                throw FormProblem(Self.again.name, "This is not the same as above.")
            }
            _ = try await services.accounts.changeAccount(
                id: account.id, AccountChange(password: new, keptSession: request.token?.id))
            authenticator.forget(accountID: account.id)
            return .seeOther(Self.path.with(.passwordChanged))
        } again: {
            try await page($0, $1)
        }
    }

    // MARK: Sessions

    private func sessionTable(_ request: APIRequest, _ sessions: [AccessToken]) -> HTML {
        guard !sessions.isEmpty else { return HTML(.p) { "None." } }
        var table = PageTable(
            "Browsers", [.init("Signed in with"), .init("Since"), .init("Last used"), .init("Until"), .init("Action")])
        for session in sessions {
            table.add([
                HTML(text: session.parentID == AccessToken.byPassword ? "password" : "token \(session.name)"),
                HTML.time(session.createdAt), session.lastUsedAt.map { HTML.time($0) } ?? HTML(text: "–"),
                session.expiresAt.map { HTML.day($0) } ?? HTML(text: "–"),
                session.id == request.token?.id ? HTML.state("this one", isGood: true) : signOut(request, session),
            ])
        }
        let hasOthers = sessions.contains { $0.id != request.token?.id }
        return table.html
            + (hasOthers
                ? request.form("/settings/account/sessions/end-others") { HTML.submit("Sign out all others") }
                : HTML())
    }

    private func signOut(_ request: APIRequest, _ session: AccessToken) -> HTML {
        request.form("/settings/account/sessions/end") {
            HTML.hidden(Self.session.name, "\(session.id)")
            HTML.submit("Sign out", label: "Sign out the browser of \(Timestamp.text(session.createdAt))")
        }
    }

    private var endSession: Route {
        SettingsForm(
            path: "/settings/account/sessions/end", name: "endSession", summary: "Sign out a browser of one's own",
            access: .user, fields: [.init(Self.session)]
        ).route { request in
            let id = Int64(try request.body.require(Self.session))
            guard let session = try await sessions(of: request.account()).first(where: { $0.id == id }) else {
                throw StoreError.conflict("that browser is signed out already")
            }
            try await end(session)
            return .seeOther(Self.path.with(.sessionEnded))
        } again: {
            try await page($0, $1)
        }
    }

    private var endOthers: Route {
        SettingsForm(
            path: "/settings/account/sessions/end-others", name: "endOtherSessions",
            summary: "Sign out all other browsers of one's own", access: .user
        ).route { request in
            for session in try await sessions(of: request.account()) where session.id != request.token?.id {
                try await end(session)
            }
            return .seeOther(Self.path.with(.sessionsEnded))
        } again: {
            try await page($0, $1)
        }
    }

    private func end(_ session: AccessToken) async throws {
        authenticator.forget(tokenID: session.id)
        do {
            try await services.tokens.revokeToken(id: session.id)
        } catch StoreError.notFound {
            // It has ended by itself meanwhile.
        }
        authenticator.forget(tokenID: session.id)
    }
}
