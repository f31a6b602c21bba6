import HTTPTypes
import Hummingbird
import NIOCore

/// A page: what all of them share, around what is its own.
struct WebPage: Sendable {
    /// Where the navigation leads.
    enum Place: CaseIterable, Sendable {
        case overview, library, tasks, deadLetters, workers, services, history, map, settings

        var name: String {
            switch self {
            case .overview: "Overview"
            case .library: "Library"
            case .tasks: "Tasks"
            case .deadLetters: "Dead letters"
            case .workers: "Workers"
            case .services: "Services"
            case .history: "History"
            case .map: "Map"
            case .settings: "Settings"
            }
        }

        var path: LocalPath {
            switch self {
            case .overview: "/"
            case .library: "/library"
            case .tasks: "/tasks"
            case .deadLetters: "/dead-letters"
            case .workers: "/workers"
            case .services: "/services"
            case .history: "/history"
            case .map: "/map"
            case .settings: SettingsPages.path
            }
        }

        var isForAdmins: Bool { self == .services }
    }

    /// Who looks at a page.
    enum Viewer: Sendable {
        case anybody
        /// With what forms and scripts show that they are ours; nil for who signed in by header.
        case signedIn(csrf: String?, isAdmin: Bool)

        func sees(_ place: Place) -> Bool {
            switch self {
            case .anybody: false
            case .signedIn(_, let isAdmin): isAdmin || !place.isForAdmins
            }
        }
    }

    let title: String
    var place: Place?
    var viewer = Viewer.anybody
    var scripts: [String] = []
    /// Beside those that all pages share.
    var styles: [String] = []
    /// Where it leads by itself.
    var onward: Onward?
    let content: HTML

    init(
        _ title: String, place: Place? = nil, viewer: Viewer = .anybody, scripts: [String] = [],
        styles: [String] = [], @HTMLBuilder content: () -> HTML
    ) {
        self.title = title
        self.place = place
        self.viewer = viewer
        self.scripts = scripts
        self.styles = styles
        self.content = content()
    }

    func response(_ status: HTTPResponse.Status = .ok, headers: HTTPFields = [:]) -> Response {
        var headers = headers
        headers[.contentType] = "text/html; charset=utf-8"
        headers[.contentSecurityPolicy] = Self.policy
        // No other site learns which page led to it; our own forms say where they come from.
        headers[SecurityHeaders.referrerPolicy] = "same-origin"
        return Response(
            status: status, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(string: html.document)))
    }

    /// Nothing inside a page runs or styles it, and nothing of it comes from elsewhere.
    private static let policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self'; connect-src 'self'; "
        + "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"

    var html: HTML {
        HTML(.html, .init(.lang, "en")) {
            HTML(.head) {
                HTML(.meta, .init(.charset, "utf-8"))
                HTML(.meta, .init(.name, "viewport"), .init(.content, "width=device-width, initial-scale=1"))
                HTML(.meta, .init(.name, "color-scheme"), .init(.content, "light dark"))
                HTML(.title) { title == "Sillon" ? title : "\(title) · Sillon" }
                for style in ["sillon.css"] + styles {
                    HTML(.link, .init(.rel, "stylesheet"), .href(WebAssets.path(style)))
                }
                HTML(.link, .init(.rel, "icon"), .href(WebAssets.path("icon.svg")))
                if let onward { HTML.refresh(to: onward) }
                if case .signedIn(let csrf?, _) = viewer {
                    HTML(.meta, .init(.name, "csrf"), .init(.content, csrf))
                }
                for script in scripts { HTML.script(WebAssets.path(script)) }
            }
            HTML(.body) {
                header
                content
            }
        }
    }

    private var header: HTML {
        HTML(.header, .named("top")) {
            HTML(.a, .named("name"), .href("/")) { "Sillon" }
            HTML(.nav, .init(.ariaLabel, "Pages")) {
                for place in Place.allCases.filter(viewer.sees) { link(place) }
            }
            switch viewer {
            case .anybody: HTML(.a, .href("/sign-in")) { "Sign in" }
            case .signedIn(let csrf, _): csrf.map(signOut) ?? HTML()
            }
        }
    }

    private func link(_ place: Place) -> HTML {
        place == self.place
            ? HTML(.a, .href(place.path), .init(.ariaCurrent, "page")) { place.name }
            : HTML(.a, .href(place.path)) { place.name }
    }

    private func signOut(_ csrf: String) -> HTML {
        HTML.form("/sign-out", csrf: csrf) {
            HTML(.button, .init(.type, "submit"), .named("plain")) { "Sign out" }
        }
    }
}
