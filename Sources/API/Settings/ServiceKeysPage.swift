import Domain
import UseCases

/// `/settings/services`: what this server uses of its own at services outside. No secret is ever shown.
struct ServiceKeysPage: Sendable {
    let services: APIServices

    static let path: LocalPath = "/settings/services"

    var routes: [Route] {
        [
            .page(Self.path.text, "serviceKeysPage", "Show what the server uses at services outside", access: .admin) {
                request in
                let states = try await services.outside?.services() ?? []
                let known = Dictionary(states.map { ($0.name, $0) }) { $1 }
                return request.settingsPage("Services' keys", at: .serviceKeys) {
                    HTML(.p, .named("hint")) {
                        "What the server itself uses. Keys are read from its surroundings when it starts, from a file or "
                            + "a variable, and are kept nowhere; restart it after a change. Accounts of people are under "
                        HTML.link("Connections", ConnectionPages.path)
                        "; quotas and failures under "
                        HTML.link("Services", "/services")
                        "."
                    }
                    for service in services.server?.services ?? [] { box(service, known[service.id.rawValue]) }
                }
            }
        ]
    }

    private func box(_ service: ServerFacts.Service, _ status: ServiceStatus?) -> HTML {
        HTML(.section, .named("box")) {
            HTML(.header) {
                HTML(.h2) { service.id.title.titled }
                state(service, status)
            }
            HTML(.p, .named("hint")) { service.purpose }
            HTML(.dl, .named("facts")) {
                HTML(.dt) { "Address" }
                HTML(.dd) {
                    HTML(.code) { service.address.value ?? "none" }
                    " ("
                    HTML(.code) { service.address.name }
                    ")"
                }
                for secret in service.secrets { fact(secret) }
                if let failure = status?.lastFailure {
                    HTML(.dt) { "Last error" }
                    HTML(.dd) {
                        failure.failure.message
                        if let at = failure.at { HTML(text: ", ") + HTML.time(at) }
                    }
                }
            }
        }
    }

    private func fact(_ secret: ServerFacts.Secret) -> HTML {
        HTML(.dt) { secret.title.titled }
            + HTML(.dd) {
                secret.isSet ? "set by " : "not set; set it by "
                HTML(.code) { secret.variable }
            }
    }

    private func state(_ service: ServerFacts.Service, _ status: ServiceStatus?) -> HTML {
        guard service.address.value != nil else { return .state("not set up") }
        switch status?.state ?? .unknown {
        case .unknown: return .state("never asked")
        case .closed: return .state("answered last time", isGood: true)
        case .halfOpen: return .state("being tried again")
        case .open: return .state("did not answer last time", isBad: true)
        case .blocked: return .state("somebody has to mend something", isBad: true)
        }
    }
}

extension ServiceStatus {
    /// The newest of all its doors.
    fileprivate var lastFailure: (failure: Failure, at: Int64?)? {
        let newest = doors.filter { $0.record.lastFailure != nil }
            .max { ($0.record.lastFailureAt ?? 0) < ($1.record.lastFailureAt ?? 0) }
        guard let record = newest?.record, let failure = record.lastFailure else { return nil }
        return (failure, record.lastFailureAt.flatMap { Int64(exactly: ($0 * 1e6).rounded()) })
    }
}
