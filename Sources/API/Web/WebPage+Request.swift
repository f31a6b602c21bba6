import Domain
import HTTPTypes
import Hummingbird
import UseCases

extension APIRequest {
    /// A page around this content, for whoever asks.
    func webPage(
        _ title: String, place: WebPage.Place? = nil, scripts: [String] = [], styles: [String] = [],
        @HTMLBuilder content: () -> HTML
    ) -> WebPage {
        WebPage(title, place: place, viewer: viewer, scripts: scripts, styles: styles, content: content)
    }

    private var viewer: WebPage.Viewer {
        signedIn.map { .signedIn(csrf: $0.csrf, isAdmin: isAdmin) } ?? .anybody
    }

    var isAdmin: Bool { token?.role == .admin }

    /// A form of a page, with what shows that it is ours; `Body.csrf` has to be among the fields of its route.
    func form(_ action: LocalPath, class name: String? = nil, @HTMLBuilder content: () -> HTML) -> HTML {
        HTML.form(action, csrf: signedIn?.csrf, class: name, content: content)
    }
}

extension HTML {
    static func form(
        _ action: LocalPath, csrf: String?, class name: String? = nil, @HTMLBuilder content: () -> HTML
    ) -> HTML {
        let inside =
            content()
            + (csrf.map {
                HTML(.input, .init(.type, "hidden"), .init(.name, CrossSiteGuard.field), .init(.value, $0))
            } ?? HTML())
        guard let name else { return HTML(.form, .init(.method, "post"), .action(action)) { inside } }
        return HTML(.form, .init(.method, "post"), .action(action), .named(name)) { inside }
    }
}

extension HTML {
    /// To the minute, in UTC.
    /// - Parameter microseconds: since the epoch.
    static func time(_ microseconds: Int64) -> HTML {
        let text = Timestamp.text(microseconds)
        let minute = text.prefix { $0 != "." }.dropLast(3).replacing("T", with: " ")
        return HTML(.time, .init(.datetime, text)) { "\(minute) UTC" }
    }

    /// The day alone, in UTC.
    static func day(_ microseconds: Int64) -> HTML {
        let text = Timestamp.text(microseconds)
        return HTML(.time, .init(.datetime, text)) { String(text.prefix { $0 != "T" }) }
    }
}

extension Body {
    /// The field that `APIRequest.form` adds; the responder has compared it before a route runs.
    static let csrf = BodyField(
        CrossSiteGuard.field, .text(0...200), "What the page that asks for it was given.")
    /// Bytes of a form.
    static let maxFormBytes = 16 * 1024
}

extension Route {
    /// A page that is looked at.
    static func page(
        _ path: String, _ name: String, _ summary: String, access: Access, parameters: [ParameterSpec] = [],
        _ page: @escaping @Sendable (APIRequest) async throws -> WebPage
    ) -> Route {
        Route(
            .get, path, name, summary, access: access, parameters: parameters,
            answers: [.init(status: .ok, description: "A page for people.", content: Route.page)]
        ) { try await page($0).response() }.asPage()
    }

    /// What a form of a page sends; the browser goes on to a page.
    static let redirect = Answer(
        status: .seeOther, description: "To the page.", content: [:], hasLocation: true)
}

extension Response {
    /// After a form: to a page, which is asked for anew.
    static func seeOther(_ path: LocalPath, headers: HTTPFields = [:]) -> Response {
        var headers = headers
        headers[.location] = path.text
        return Response(status: .seeOther, headers: headers)
    }
}
