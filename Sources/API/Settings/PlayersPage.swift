import Contracts
import Domain
import HTTPTypes
import Hummingbird
import UseCases

/// `/settings/players`: app passwords, with which one's own music players sign in.
struct PlayersPage: Sendable {
    let services: APIServices
    let authenticator: Authenticator

    static let path: LocalPath = "/settings/players"
    private static let revokePath = "/settings/players/revoke"
    /// What the store takes, in bytes.
    private static let maxNameBytes = 100

    private static let name = BodyField("name", .text(0...200), isRequired: true, "For people: phone, car.")
    private static let password = BodyField("password", .text(1...20), isRequired: true, "The number of the password.")

    var routes: [Route] { services.appPasswords.map { [show, create($0), revoke] } ?? [] }

    private var show: Route {
        .page(
            Self.path.text, "playersPage", "Show what one's own music players sign in with", access: .user,
            parameters: [ParameterSpec(SettingsNotice.parameter)]
        ) { try await page($0, FormState()) }
    }

    private func page(_ request: APIRequest, _ state: FormState) async throws -> WebPage {
        let account = try await services.accounts.account(id: request.account())
        let passwords = try await own(request)
        let notice = try request.optional(SettingsNotice.parameter)
        return request.settingsPage("Music players", at: .players) {
            if let notice { notice.html }
            state.banner
            HTML(.p) {
                "Any player that speaks the Subsonic protocol can play this library. It asks for the address of this "
                    + "server, for your name, which is "
                HTML(.strong) { account.name }
                ", and for a password: make one here for each."
            }
            HTML.box("Make an app password") {
                request.form(Self.path, class: "card") {
                    state.field(
                        Self.name.name, "Name", .exact(maxLength: Self.maxNameBytes), form: "player",
                        hint: "Which player it is for: phone, car."
                    ).html
                    HTML(.button, .init(.type, "submit")) { "Make the password" }
                }
            }
            HTML.box("App passwords") { table(request, passwords) }
        }
    }

    private func own(_ request: APIRequest) async throws -> [AccessToken] {
        let account = try request.account()
        return try await services.tokens.tokens().filter { $0.accountID == account && $0.isAppPassword }
    }

    private func table(_ request: APIRequest, _ passwords: [AccessToken]) -> HTML {
        guard !passwords.isEmpty else { return HTML(.p) { "None." } }
        var table = PageTable("App passwords", [.init("Name"), .init("Created"), .init("Last used"), .init("Action")])
        for password in passwords {
            table.add([
                HTML(text: password.name), HTML.day(password.createdAt),
                password.lastUsedAt.map { HTML.time($0) } ?? HTML(text: "never"),
                request.form(LocalPath(Self.revokePath) ?? Self.path) {
                    HTML.hidden(Self.password.name, "\(password.id)")
                    HTML.submit("Revoke", label: "Revoke \(password.name)")
                },
            ])
        }
        return table.html
    }

    private func create(_ store: any AppPasswordStore) -> Route {
        var form = SettingsForm(
            path: Self.path.text, name: "createAppPasswordOnPage", summary: "Make an app password, from a page",
            access: .user, fields: [.init(Self.name)])
        form.page = "The password, this once."
        return form.route { request in
            let name = try request.body.require(Self.name)
            guard (1...Self.maxNameBytes).contains(name.utf8.count) else {
                throw FormProblem(Self.name.name, "A name has 1 to \(Self.maxNameBytes) bytes.")
            }
            let made = try await store.createAppPassword(account: request.account(), name: name, role: .user)
            return issued(request, made.token, made.secret).response()
        } again: {
            try await page($0, $1)
        }
    }

    /// The only page that ever shows it.
    private func issued(_ request: APIRequest, _ token: AccessToken, _ secret: String) -> WebPage {
        request.settingsPage("Your new app password", at: .players, scripts: ["copy.js"]) {
            HTML(.section, .named("box")) {
                HTML(.p) {
                    "This is the password for "
                    HTML(.strong) { token.name }
                    ". Type or copy it now: it is not shown again."
                }
                HTML(.div, .named("secret")) {
                    HTML(.code, .id("secret"), .init(.tabindex, "0"), .init(.ariaLabel, "Password")) { secret }
                    HTML(.button, .init(.type, "button"), .id("copy"), .init(.hidden)) { "Copy" }
                    HTML(.span, .id("copied"), .named("hint"), .init(.role, "status"))
                }
                HTML(.p) { HTML(.a, .href(Self.path), .named("button quiet")) { "Done" } }
            }
        }
    }

    private var revoke: Route {
        SettingsForm(
            path: Self.revokePath, name: "revokeAppPasswordOnPage", summary: "Revoke one of one's own app passwords",
            access: .user, fields: [.init(Self.password)]
        ).route { request in
            let id = Int64(try request.body.require(Self.password))
            guard let password = try await own(request).first(where: { $0.id == id }) else {
                throw StoreError.conflict("that password is revoked already")
            }
            try await TokenRoutes(services: services, authenticator: authenticator).revoke(password.id)
            return .seeOther(Self.path.with(.appPasswordRevoked))
        } again: {
            try await page($0, $1)
        }
    }
}
