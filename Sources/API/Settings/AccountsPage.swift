import Contracts
import Domain
import HTTPTypes
import Hummingbird
import UseCases

/// `/settings/accounts`: who may use this library.
struct AccountsPage: Sendable {
    let services: APIServices

    static let path: LocalPath = "/settings/accounts"

    /// Of any length: what is no name is said beside the field.
    static let name = BodyField("name", .text(0...200), isRequired: true, "Unique; case does not count.")
    static let role = BodyField("role", Scalar<Account.Role>.choice, isRequired: true, "What it may do.")
    private static let password = BodyField("password", PasswordRule.scalar, "Only tokens open an account without one.")

    var routes: [Route] { [show, add] }

    private var show: Route {
        .page(
            Self.path.text, "accountsPage", "Show the accounts", access: .admin,
            parameters: [ParameterSpec(SettingsNotice.parameter)]
        ) { try await page($0, FormState()) }
    }

    private func page(_ request: APIRequest, _ state: FormState) async throws -> WebPage {
        let accounts = try await services.accounts.accounts()
        let notice = try request.optional(SettingsNotice.parameter)
        return request.settingsPage("Accounts", at: .accounts) {
            if let notice { notice.html }
            state.banner
            HTML.hint("Plays, stars, ratings and connected services are an account's own.")
            HTML.box("Accounts") { table(accounts) }
            HTML.box("Add an account") { form(request, state) }
        }
    }

    private func table(_ accounts: [Account]) -> HTML {
        var table = PageTable(
            "Accounts",
            [.init("Name"), .init("Role"), .init("Password"), .init("Since"), .init("State"), .init("Action")])
        for account in accounts {
            table.add([
                HTML(text: account.name), HTML(text: account.role.rawValue),
                HTML(text: account.hasPassword ? "yes" : "no"), HTML.day(account.createdAt),
                account.disabledAt == nil ? HTML.state("in use", isGood: true) : HTML.state("disabled", isBad: true),
                HTML(
                    .a, .href(OneAccountPage.path(account.id)), .named("quiet"),
                    .init(.ariaLabel, "Change \(account.name)")
                ) { "Change…" },
            ])
        }
        return table.html
    }

    private func form(_ request: APIRequest, _ state: FormState) -> HTML {
        request.form(Self.path, class: "card") {
            Self.nameField(state)
            Self.roleField(state)
            state.field(
                Self.password.name, "Password", .newPassword, form: "account",
                hint: PasswordRule.hint + " Without one, only access tokens open the account.", isRequired: false
            ).html
            HTML(.button, .init(.type, "submit")) { "Add the account" }
        }
    }

    static func nameField(_ state: FormState) -> HTML {
        state.field(name.name, "Name", .exact(maxLength: Account.maxNameBytes), form: "account").html
    }

    static func roleField(_ state: FormState) -> HTML {
        state.field(
            role.name, "Role",
            .choice([
                .init(value: "user", title: "User: listens, searches, scans"),
                .init(value: "admin", title: "Administrator: everything"),
            ]), form: "account"
        ).html
    }

    static func readName(_ body: Body) throws -> String {
        let text = try body.require(name)
        guard Account.isName(text) else {
            throw FormProblem(
                name.name,
                "A name has 1 to \(Account.maxNameBytes) bytes, no colon, no control characters, and no blank at its "
                    + "ends.")
        }
        return text
    }

    private var add: Route {
        SettingsForm(
            path: Self.path.text, name: "addAccountOnPage", summary: "Make an account, from a page",
            fields: [.init(Self.name), .init(Self.role), .init(Self.password)]
        ).route { request in
            let name = try Self.readName(request.body)
            let role = try request.body.require(Self.role)
            let hasPassword = try request.body.optional(Self.password)?.isEmpty == false
            let password = hasPassword ? try PasswordRule.read(request.body, Self.password) : nil
            do {
                _ = try await services.accounts.addAccount(NewAccount(name: name, role: role, password: password))
            } catch StoreError.conflict(let why) {
                throw FormProblem(Self.name.name, why.sentence)
            }
            return .seeOther(Self.path.with(.accountAdded))
        } again: {
            try await page($0, $1)
        }
    }
}
