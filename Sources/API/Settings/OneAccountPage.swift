import Contracts
import Domain
import HTTPTypes
import Hummingbird
import UseCases

/// `/settings/accounts/{id}`: what an administrator may do to an account.
struct OneAccountPage: Sendable {
    let services: APIServices
    let authenticator: Authenticator

    private static let pattern = AccountsPage.path.text + "/{id}"
    private static let password = BodyField("password", PasswordRule.scalar, isRequired: true, "The new one.")

    static func path(_ id: Int64, _ end: String = "") -> LocalPath {
        LocalPath("\(AccountsPage.path.text)/\(id)\(end)") ?? AccountsPage.path
    }

    var routes: [Route] {
        [
            show, change, setPassword, setDisabled(true, "disable", .accountDisabled),
            setDisabled(false, "enable", .accountEnabled),
        ] + removal
    }

    private var show: Route {
        .page(
            Self.pattern, "oneAccountPage", "Show an account", access: .admin,
            parameters: [ParameterSpec(.id), ParameterSpec(SettingsNotice.parameter)]
        ) { try await page($0, nil) }
    }

    private func page(_ request: APIRequest, _ state: FormState?) async throws -> WebPage {
        let account = try await account(request)
        let notice = try request.optional(SettingsNotice.parameter)
        let known = FormState([AccountsPage.name.name: account.name, AccountsPage.role.name: account.role.rawValue])
        let shown = state.map { $0.values[AccountsPage.name.name] == nil ? known.with($0.problem) : $0 } ?? known
        return request.settingsPage("Account \(account.name)", at: .accounts) {
            if let notice { notice.html }
            shown.banner
            HTML.box("Name and role") {
                request.form(Self.path(account.id), class: "card") {
                    AccountsPage.nameField(shown)
                    AccountsPage.roleField(shown)
                    HTML(.button, .init(.type, "submit")) { "Save" }
                }
            }
            HTML.box("Password") { passwordForm(request, account, shown) }
            HTML.box("Use") { use(request, account) }
        }
    }

    private func passwordForm(_ request: APIRequest, _ account: Account, _ state: FormState) -> HTML {
        HTML.hint(
            account.hasPassword
                ? "A new one signs out all browsers of the account." : "It has none: only access tokens open it.")
            + request.form(Self.path(account.id, "/password"), class: "card") {
                HTML(
                    .input, .init(.type, "text"), .init(.name, "username"), .init(.value, account.name),
                    .init(.autocomplete, "username"), .init(.ariaLabel, "Name"), .init(.hidden), .init(.readonly))
                state.field(Self.password.name, "New password", .newPassword, form: "set", hint: PasswordRule.hint).html
                HTML(.button, .init(.type, "submit")) { "Set it" }
            }
    }

    private func use(_ request: APIRequest, _ account: Account) -> HTML {
        HTML.hint(
            account.disabledAt == nil
                ? "Neither the password nor the tokens of a disabled account open anything; nothing of it is lost."
                : "It is disabled: neither its password nor its tokens open anything.")
            + HTML(.div, .named("actions")) {
                request.form(Self.path(account.id, account.disabledAt == nil ? "/disable" : "/enable")) {
                    HTML.submit(account.disabledAt == nil ? "Disable it" : "Let it be used again")
                }
                HTML(.a, .href(Self.path(account.id, "/remove")), .named("quiet")) { "Remove it…" }
            }
    }

    private func account(_ request: APIRequest) async throws -> Account {
        try await services.accounts.account(id: try request.require(.id))
    }

    // MARK: Changing

    private var change: Route {
        SettingsForm(
            path: Self.pattern, name: "changeAccountOnPage", summary: "Rename an account, or give it another role",
            parameters: [ParameterSpec(.id)], fields: [.init(AccountsPage.name), .init(AccountsPage.role)]
        ).route { request in
            let name = try AccountsPage.readName(request.body)
            let role = try request.body.require(AccountsPage.role)
            return try await apply(AccountChange(name: name, role: role), request, .accountChanged)
        } again: {
            try await page($0, $1)
        }
    }

    private var setPassword: Route {
        SettingsForm(
            path: Self.pattern + "/password", name: "setAccountPassword", summary: "Give an account a password",
            parameters: [ParameterSpec(.id)], fields: [.init(Self.password), .init(PasswordRule.userName)]
        ).route { request in
            let password = try PasswordRule.read(request.body, Self.password)
            let change = AccountChange(password: password, keptSession: request.token?.id)
            return try await apply(change, request, .accountPasswordSet)
        } again: {
            try await page($0, $1)
        }
    }

    private func setDisabled(_ isDisabled: Bool, _ verb: String, _ notice: SettingsNotice) -> Route {
        SettingsForm(
            path: Self.pattern + "/" + verb, name: "\(verb)Account", summary: "\(verb.titled) an account",
            parameters: [ParameterSpec(.id)]
        ).route { request in
            try await apply(AccountChange(isDisabled: isDisabled), request, notice)
        } again: {
            try await page($0, $1)
        }
    }

    private func apply(
        _ change: AccountChange, _ request: APIRequest, _ notice: SettingsNotice
    ) async throws -> Response {
        let id = try request.require(.id)
        defer { authenticator.forget(accountID: id) }
        _ = try await services.accounts.changeAccount(id: id, change)
        return .seeOther(Self.path(id).with(notice))
    }

    // MARK: Removing

    private var removal: [Route] {
        ConfirmedForm(
            path: Self.pattern + "/remove",
            ask: ("removeAccountPage", "Ask whether an account is to be removed"),
            act: ("removeAccountOnPage", "Remove an account with all that is its own, from a page")
        ).routes { request in
            try await confirmation(request)
        } _: { request in
            let id = try request.require(.id)
            defer { authenticator.forget(accountID: id) }
            try await services.accounts.removeAccount(id: id)
            return .seeOther(AccountsPage.path.with(.accountRemoved))
        }
    }

    private func confirmation(_ request: APIRequest) async throws -> Confirmation {
        let account = try await account(request)
        let tokens = try await services.tokens.tokens().count { $0.accountID == account.id && !$0.isSession }
        var sentences = [
            "The account \"\(account.name)\" will be gone for good, with its plays, stars, ratings and connected "
                + "services, and with listens that wait to be told to those.",
            tokens == 1
                ? "Its access token opens nothing any more." : "Its \(tokens) access tokens open nothing any more.",
            "No music is touched. To shut somebody out and lose nothing, disable the account instead.",
        ]
        if account.id == request.token?.accountID { sentences.append("It is your own account.") }
        return Confirmation(
            title: "Remove this account?", section: .accounts, sentences: sentences, act: "Remove it",
            action: Self.path(account.id, "/remove"), back: Self.path(account.id))
    }
}
