import UseCases

/// `/settings/server`: what runs here, with which settings.
struct ServerPage: Sendable {
    let services: APIServices

    static let path: LocalPath = "/settings/server"

    var routes: [Route] {
        [
            .page(Self.path.text, "serverPage", "Show this server and its settings", access: .admin) { request in
                let health = await services.readiness()
                return request.settingsPage("This server", at: .server) {
                    HTML.box("Server") { facts(health) }
                    if let server = services.server { HTML.box("Settings in effect") { table(server.settings) } }
                }
            }
        ]
    }

    private func facts(_ health: [String: String?]) -> HTML {
        var rows: [(String, HTML)] = [("Version", HTML(text: services.version))]
        if let server = services.server {
            rows += [
                ("Running for", HTML(text: Amount.duration(from: server.startedAt, to: services.clock()))),
                ("Since", HTML.time(server.startedAt)), ("Database", HTML(text: server.engine)),
                ("Schema", HTML(text: "\(server.schema)")),
                ("Data folder", HTML(.span, .named("path")) { server.dataFolder }),
            ]
        }
        rows += health.sorted { $0.key < $1.key }.map { name, problem in
            (name.titled + " answers", problem.map { HTML.state($0, isBad: true) } ?? HTML.state("yes", isGood: true))
        }
        return HTML(.dl, .named("facts")) {
            for (name, value) in rows {
                HTML(.dt) { name }
                HTML(.dd) { value }
            }
        }
    }

    private func table(_ settings: [ServerFacts.Setting]) -> HTML {
        var table = PageTable("Settings", [.init("Setting"), .init("Value")])
        for setting in settings {
            table.add([
                HTML(.code) { setting.name }, setting.value.map { text in HTML(.code) { text } } ?? HTML(text: "none"),
            ])
        }
        return HTML.hint(
            "Read once, when the server starts, from flags, variables and the configuration file. Secrets are not shown. Services have theirs under "
                + "\"Services' keys\".") + table.html
    }
}
