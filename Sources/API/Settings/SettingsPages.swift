import Hummingbird

/// `/settings`: what one may set, and the pages for it.
struct SettingsPages: Sendable {
    let services: APIServices
    let authenticator: Authenticator

    static let path: LocalPath = "/settings"

    var routes: [Route] {
        [index] + AccountPage(services: services, authenticator: authenticator).routes
            + PlayersPage(services: services, authenticator: authenticator).routes
            + ConnectionPages(services: services).routes + RootsPage(services: services).routes
            + TokensPage(services: services, authenticator: authenticator).routes
            + AccountsPage(services: services).routes
            + OneAccountPage(services: services, authenticator: authenticator).routes
            + ServiceKeysPage(services: services).routes + ServerPage(services: services).routes
    }

    private var index: Route {
        .page(Self.path.text, "settingsPage", "Show what one may set", access: .user) { request in
            request.settingsPage("Settings") {
                HTML(.ul, .named("sections")) {
                    for section in request.settingsSections {
                        HTML(.li) {
                            HTML.link(section.name, section.path)
                            HTML.hint(section.purpose)
                        }
                    }
                }
            }
        }
    }
}

extension APIRequest {
    /// Those that are for whoever asks.
    var settingsSections: [SettingsSection] { SettingsSection.allCases.filter { isAdmin || !$0.isForAdmins } }

    /// A page beside the list of all sections.
    func settingsPage(
        _ title: String, at section: SettingsSection? = nil, scripts: [String] = [], @HTMLBuilder content: () -> HTML
    ) -> WebPage {
        webPage(title, place: .settings, scripts: scripts) {
            HTML(.div, .named("settings")) {
                if let section { settingsNavigation(section) }
                HTML(.main) {
                    HTML(.h1) { title }
                    content()
                }
            }
        }
    }

    private func settingsNavigation(_ current: SettingsSection) -> HTML {
        HTML(.nav, .init(.ariaLabel, "Settings")) {
            for section in settingsSections {
                section == current
                    ? HTML(.a, .href(section.path), .init(.ariaCurrent, "page")) { section.name }
                    : HTML.link(section.name, section.path)
            }
        }
    }
}
