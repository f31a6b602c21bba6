import HTTPTypes
import Hummingbird

/// The form that asks for an access token.
struct SignInPage: Sendable {
    let next: LocalPath
    var problem: String?

    func response(_ status: HTTPResponse.Status = .ok, headers: HTTPFields = [:]) -> Response {
        page.response(status, headers: headers)
    }

    private var page: WebPage {
        WebPage("Sign in") {
            HTML(.main, .named("text")) {
                HTML(.h1) { "Sign in" }
                if let problem { HTML(.p, .named("problem"), .init(.role, "alert")) { "Not signed in: \(problem)." } }
                HTML(.form, .init(.method, "post"), .action("/sign-in"), .named("card")) {
                    HTML(.label, .init(.for, "token")) { "Access token" }
                    HTML(
                        .input, .id("token"), .init(.name, "token"), .init(.type, "password"), .init(.required),
                        .init(.autofocus), .init(.autocomplete, "current-password"), .init(.spellcheck, "false"),
                        .init(.autocapitalize, "none"))
                    HTML(.input, .init(.type, "hidden"), .init(.name, "next"), .init(.value, next.text))
                    HTML(.button, .init(.type, "submit")) { "Sign in" }
                }
                HTML(.p, .named("hint")) {
                    "The first one is in the file "
                    HTML(.code) { "admin-token" }
                    " of the data folder; another is made by "
                    HTML(.code) { "sillon token create --role user" }
                    "."
                }
            }
        }
    }
}
