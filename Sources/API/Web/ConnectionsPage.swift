import Domain
import UseCases

/// One's accounts at services outside, a box for each.
struct ConnectionsPage {
    enum Deed: String, CaseIterable, Sendable {
        case connected, disconnected, checked
    }

    enum Notice {
        case done(Deed, ServiceID)
        case problem(String)
    }

    let request: APIRequest
    let services: [ServiceConnections.Status]
    let notice: Notice?

    var page: WebPage {
        request.settingsPage("Connections", at: .connections) {
            HTML(.p, .named("hint")) {
                "Your own accounts at services outside. What opens them is kept encrypted and is never shown."
            }
            if let notice { banner(notice) }
            for service in services { box(service) }
        }
    }

    private func banner(_ notice: Notice) -> HTML {
        switch notice {
        case .done(let deed, let service):
            HTML(.p, .named("notice"), .init(.role, "status")) {
                switch deed {
                case .connected: "\(service.title) is connected."
                case .disconnected: "\(service.title) is disconnected."
                case .checked: "\(service.title) knows you."
                }
            }
        case .problem(let why):
            HTML(.p, .named("notice problem"), .init(.role, "alert")) {
                why.prefix(1).uppercased() + why.dropFirst() + "."
            }
        }
    }

    private func box(_ status: ServiceConnections.Status) -> HTML {
        let id = status.service.rawValue
        return HTML(.section, .named("box"), .id(id), .init(.ariaLabelledBy, "\(id)-name")) {
            HTML(.header) {
                HTML(.h2, .id("\(id)-name")) { status.service.title }
                state(status)
            }
            if let connection = status.connection { facts(connection) }
            HTML(.p, .named("hint")) { hint(status) }
            if !status.ways.isEmpty || status.connection != nil {
                HTML(.div, .named("actions")) {
                    if !status.ways.isEmpty, status.connection?.problem != nil || status.connection == nil {
                        connectForm(status)
                    }
                    if status.connection != nil {
                        if !status.ways.isEmpty { button("check", "Check", .named("quiet"), status.service) }
                        button("disconnect", "Disconnect", .named("plain"), status.service)
                    }
                }
            }
        }
    }

    private func state(_ status: ServiceConnections.Status) -> HTML {
        switch status.connection {
        case let connection? where connection.problem != nil:
            HTML(.span, .named("state bad")) { "Has to be connected anew" }
        case .some: HTML(.span, .named("state good")) { "Connected" }
        case nil: HTML(.span, .named("state")) { status.ways.isEmpty ? "Not set up" : "Not connected" }
        }
    }

    private func facts(_ connection: ServiceConnection) -> HTML {
        HTML(.dl, .named("facts")) {
            HTML(.dt) { "As" }
            HTML(.dd) { connection.userName }
            HTML(.dt) { "Since" }
            HTML(.dd) { HTML.time(connection.connectedAt) }
            if ServiceID.listenTargets.contains(connection.service) {
                HTML(.dt) { "Waiting" }
                HTML(.dd) { Self.listens(connection.waiting) }
            }
            if let why = connection.problem ?? connection.waitingBecause {
                HTML(.dt) { "Last error" }
                HTML(.dd, .named("problem")) { why }
            }
            if let time = connection.problemAt {
                HTML(.dt) { "Noticed" }
                HTML(.dd) { HTML.time(time) }
            }
        }
    }

    private static func listens(_ count: Int) -> String {
        switch count {
        case 0: "nothing"
        case 1: "1 listen"
        default: "\(count) listens"
        }
    }

    private func hint(_ status: ServiceConnections.Status) -> HTML {
        if let connection = status.connection {
            return HTML(
                text: connection.waiting > 0
                    ? "What waits is sent by itself when the service takes it; it is dropped when you disconnect."
                    : ServiceID.listenTargets.contains(status.service)
                        ? "Is told what you listen to." : "Knows you; nothing is sent there.")
        }
        guard !status.ways.isEmpty else { return HTML(text: Self.missing(status.service)) }
        guard status.ways.contains(.token) else {
            return HTML(text: "\(status.service.title) asks you on its own page; your password stays there.")
        }
        return HTML(.span) {
            "Your token is on "
            HTML(.a, .href(OutsideAddress(known: "https://listenbrainz.org/settings/"))) { "listenbrainz.org/settings" }
            "."
        }
    }

    /// What an administrator has to do.
    private static func missing(_ service: ServiceID) -> String {
        switch service {
        case .lastfm: "This server needs a key of its own: SILLON_LASTFM_KEY_FILE and SILLON_LASTFM_SECRET_FILE."
        case .napster:
            "The service has closed. For a server that speaks as it did: SILLON_NAPSTER_URL, SILLON_NAPSTER_KEY_FILE and "
                + "SILLON_NAPSTER_SECRET_FILE."
        default: "This server does not know where it is."
        }
    }

    private func connectForm(_ status: ServiceConnections.Status) -> HTML {
        let service = status.service
        return request.form(ConnectionPages.path(service, "connect")) {
            if status.ways.contains(.token) {
                HTML(.div, .named("field")) {
                    HTML(.label, .init(.for, "\(service.rawValue)-token")) { "Token" }
                    HTML(
                        .input, .id("\(service.rawValue)-token"), .init(.name, "token"), .init(.type, "password"),
                        .init(.required), .init(.autocomplete, "off"), .init(.spellcheck, "false"),
                        .init(.autocapitalize, "none"))
                }
            }
            HTML(.button, .init(.type, "submit")) {
                status.connection == nil ? "Connect" : "Connect anew"
            }
        }
    }

    private func button(_ end: String, _ text: String, _ look: HTML.Attribute, _ service: ServiceID) -> HTML {
        request.form(ConnectionPages.path(service, end)) {
            HTML(.button, .init(.type, "submit"), look, .init(.ariaLabel, "\(text) \(service.title)")) { text }
        }
    }
}
