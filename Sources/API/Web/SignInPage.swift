import Domain
import HTTPTypes
import Hummingbird

/// The forms that ask for a name and a password, or for an access token.
struct SignInPage: Sendable {
    let next: LocalPath
    /// That somebody typed; nil when it was a token, or nothing yet.
    var name: String?
    var problem: String?

    func response(_ status: HTTPResponse.Status = .ok, headers: HTTPFields = [:]) -> Response {
        page.response(status, headers: headers)
    }

    private var page: WebPage {
        WebPage("Sign in") {
            HTML(.main, .named("text")) {
                HTML(.h1) { "Sign in" }
                if let problem {
                    HTML(.p, .id("problem"), .named("notice problem"), .init(.role, "alert")) {
                        "Not signed in: \(problem)."
                    }
                }
                passwordForm
                tokenForm
            }
        }
    }

    private var isTokenRefused: Bool { problem != nil && name == nil }

    private var passwordForm: HTML {
        HTML(.form, .init(.method, "post"), .action("/sign-in"), .named("card box")) {
            HTML(.h2) { "With your password" }
            HTML(.label, .init(.for, "name")) { "Name" }
            HTML(
                .input,
                [
                    .id("name"), .init(.name, "name"), .init(.type, "text"), .init(.required),
                    .init(.value, name ?? ""), .init(.maxlength, "\(Account.maxNameBytes)"),
                    .init(.autocomplete, "username"), .init(.spellcheck, "false"), .init(.autocapitalize, "none"),
                ] + (name == nil && !isTokenRefused ? [.init(.autofocus)] : []))
            HTML(.label, .init(.for, "password")) { "Password" }
            HTML(
                .input,
                [
                    .id("password"), .init(.name, "password"), .init(.type, "password"), .init(.required),
                    .init(.autocomplete, "current-password"),
                ] + (name == nil ? [] : Self.refused))
            rest
        }
    }

    private var tokenForm: HTML {
        HTML(.form, .init(.method, "post"), .action("/sign-in"), .named("card box")) {
            HTML(.h2) { "With an access token" }
            HTML(.label, .init(.for, "token")) { "Access token" }
            HTML(
                .input,
                [
                    .id("token"), .init(.name, "token"), .init(.type, "password"), .init(.required),
                    .init(.autocomplete, "off"), .init(.spellcheck, "false"), .init(.autocapitalize, "none"),
                ] + (isTokenRefused ? Self.refused : []))
            rest
            HTML(.p, .named("hint")) {
                "The first one is in the file "
                HTML(.code) { "admin-token" }
                " of the data folder; another is made in the settings, or by "
                HTML(.code) { "sillon token create --role user" }
                "."
            }
        }
    }

    private static let refused: [HTML.Attribute] = [
        .init(.ariaInvalid, "true"), .init(.ariaDescribedBy, "problem"), .init(.autofocus),
    ]

    private var rest: HTML {
        HTML.hidden("next", next.text) + HTML(.button, .init(.type, "submit")) { "Sign in" }
    }
}
