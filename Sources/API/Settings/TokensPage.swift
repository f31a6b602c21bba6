import Contracts
import Domain
import HTTPTypes
import Hummingbird
import UseCases

/// `/settings/tokens`: what programs and other devices sign in with.
struct TokensPage: Sendable {
    let services: APIServices
    let authenticator: Authenticator

    static let path: LocalPath = "/settings/tokens"
    /// What the store takes, in bytes.
    private static let maxNameBytes = 100

    private static let name = BodyField("name", .text(0...200), isRequired: true, "For people.")
    private static let role = BodyField("role", Scalar<AccessRole>.choice, isRequired: true, "What it may do.")
    private static let account = BodyField("account", .text(0...20), "The number of the account whose it is.")
    private static let days = BodyField("days", .text(0...5), "Until it expires; empty for never.")
    private static let dayChoices = [
        ("", "Never"), ("30", "After 30 days"), ("90", "After 90 days"), ("365", "After a year"),
    ]

    var routes: [Route] { [show, create] + revocation }

    private var show: Route {
        .page(
            Self.path.text, "tokensPage", "Show the access tokens", access: .admin,
            parameters: [ParameterSpec(SettingsNotice.parameter)]
        ) { try await page($0, FormState()) }
    }

    private func page(_ request: APIRequest, _ state: FormState) async throws -> WebPage {
        let tokens = try await services.tokens.tokens().filter { !$0.isSession }
        let accounts = try await services.accounts.accounts()
        let notice = try request.optional(SettingsNotice.parameter)
        return request.settingsPage("Tokens", at: .tokens) {
            if let notice { notice.html }
            state.banner
            HTML.hint(
                "Programs and other devices sign in with these. Only a fingerprint of each is kept, so that none can be "
                    + "shown again.")
            HTML.box("Make a token") { form(request, accounts, state) }
            HTML.box("Tokens") { table(tokens, accounts) }
        }
    }

    private func table(_ tokens: [AccessToken], _ accounts: [Account]) -> HTML {
        let names = Dictionary(accounts.map { ($0.id, $0.name) }) { $1 }
        let now = services.clock()
        var table = PageTable(
            "Tokens",
            [
                .init("Name"), .init("Role"), .init("Account"), .init("Created"), .init("Last used"), .init("Expires"),
                .init("Action"),
            ])
        for token in tokens {
            let hasExpired = token.expiresAt.map { $0 <= now } ?? false
            table.add([
                HTML(text: token.name), HTML(text: Self.role(token)), HTML(text: names[token.accountID] ?? "–"),
                HTML.day(token.createdAt), token.lastUsedAt.map { HTML.time($0) } ?? HTML(text: "never"),
                hasExpired
                    ? HTML.state("expired", isBad: true) : token.expiresAt.map { HTML.day($0) } ?? HTML(text: "never"),
                HTML(
                    .a, .href(Self.path(token.id)), .named("quiet"), .init(.ariaLabel, "Revoke \(token.name)")
                ) { "Revoke…" },
            ])
        }
        return table.html
    }

    private static func role(_ token: AccessToken) -> String {
        if token.isAppPassword { return "\(token.role.rawValue), app password" }
        guard let roles = token.workRoles else { return token.role.rawValue }
        return "worker: " + Role.allCases.filter(roles.contains).map(\.rawValue).joined(separator: ", ")
    }

    private static func path(_ id: Int64) -> LocalPath { LocalPath("\(path.text)/\(id)/revoke") ?? path }

    // MARK: Making one

    private func form(_ request: APIRequest, _ accounts: [Account], _ state: FormState) -> HTML {
        var state = state
        if state.values[Self.account.name] == nil {
            state.values[Self.account.name] = request.token.map { "\($0.accountID)" }
        }
        return request.form(Self.path, class: "card") {
            state.field(
                Self.name.name, "Name", .exact(maxLength: Self.maxNameBytes), form: "token",
                hint: "Who or what it is for: kitchen, phone."
            ).html
            state.field(
                Self.role.name, "Role",
                .choice([
                    .init(value: "user", title: "User: listens, searches, scans"),
                    .init(value: "worker", title: "Worker: a device that works for this server"),
                    .init(value: "admin", title: "Administrator: everything"),
                ]), form: "token"
            ).html
            state.field(
                Self.account.name, "Account", .choice(accounts.map { .init(value: "\($0.id)", title: $0.name) }),
                form: "token", hint: "Whose plays, stars and ratings it opens."
            ).html
            state.field(
                Self.days.name, "Expires",
                .choice(Self.dayChoices.map { .init(value: $0.0, title: $0.1) }), form: "token", isRequired: false
            ).html
            HTML(.button, .init(.type, "submit")) { "Make the token" }
        }
    }

    private var create: Route {
        var form = SettingsForm(
            path: Self.path.text, name: "createTokenOnPage", summary: "Make an access token, from a page",
            fields: [.init(Self.name), .init(Self.role), .init(Self.account), .init(Self.days)])
        form.page = "The token's secret, this once."
        return form.route { request in
            let name = try request.body.require(Self.name)
            guard (1...Self.maxNameBytes).contains(name.utf8.count) else {
                throw FormProblem(Self.name.name, "A name has 1 to \(Self.maxNameBytes) bytes.")
            }
            let role = try request.body.require(Self.role)
            let account = Int64(try request.body.optional(Self.account) ?? "") ?? 0
            let days = try request.body.optional(Self.days) ?? ""
            guard Self.dayChoices.contains(where: { $0.0 == days }) else {
                throw FormProblem(Self.days.name, "Choose one of these.")
            }
            let expiresAt = Int64(days).map { services.clock() + $0 * 86_400_000_000 }
            do {
                let made = try await services.tokens.createToken(
                    account: account, name: name, role: role, workRoles: nil, expiresAt: expiresAt)
                return issued(request, made.token, made.secret).response()
            } catch StoreError.notFound {
                throw FormProblem(Self.account.name, "There is no such account any more.")
            } catch StoreError.conflict(let why) {
                throw FormProblem(Self.role.name, why.sentence)
            }
        } again: {
            try await page($0, $1)
        }
    }

    /// The only page that ever shows it. Nothing keeps the page: what it is answered with says so.
    private func issued(_ request: APIRequest, _ token: AccessToken, _ secret: String) -> WebPage {
        request.settingsPage("Your new token", at: .tokens, scripts: ["copy.js"]) {
            HTML(.section, .named("box")) {
                HTML(.p) {
                    "This is the token "
                    HTML(.strong) { token.name }
                    ". Copy it now: it cannot be shown again."
                }
                HTML(.div, .named("secret")) {
                    HTML(.code, .id("secret"), .init(.tabindex, "0"), .init(.ariaLabel, "Token")) { secret }
                    HTML(.button, .init(.type, "button"), .id("copy"), .init(.hidden)) { "Copy" }
                    HTML(.span, .id("copied"), .named("hint"), .init(.role, "status"))
                }
                HTML.hint("A program sends it as: Authorization: Bearer TOKEN")
                HTML(.p) { HTML(.a, .href(Self.path), .named("button quiet")) { "Done" } }
            }
        }
    }

    // MARK: Revoking

    private var revocation: [Route] {
        ConfirmedForm(
            path: Self.path.text + "/{id}/revoke", ask: ("revokeTokenPage", "Ask whether a token is to be revoked"),
            act: ("revokeTokenOnPage", "Revoke an access token, from a page")
        ).routes { request in
            try await confirmation(request)
        } _: { request in
            let token = try await token(request)
            try await TokenRoutes(services: services, authenticator: authenticator).revoke(token.id)
            return .seeOther(Self.path.with(.tokenRevoked))
        }
    }

    private func confirmation(_ request: APIRequest) async throws -> Confirmation {
        let token = try await token(request)
        var sentences = [
            "The \(token.role.rawValue)'s token \"\(token.name)\" will open nothing any more, at once and for good.",
            "Whatever uses it stops working until it gets another one. Browsers that signed in with it are signed out.",
        ]
        if token.id == request.token?.parentID { sentences.append("You signed in with it yourself.") }
        return Confirmation(
            title: "Revoke this token?", section: .tokens, sentences: sentences, act: "Revoke it",
            action: Self.path(token.id), back: Self.path)
    }

    private func token(_ request: APIRequest) async throws -> AccessToken {
        let id = try request.require(.id)
        guard let token = try await services.tokens.tokens().first(where: { $0.id == id && !$0.isSession }) else {
            throw Problem.notFound
        }
        return token
    }
}
