import Domain
import UseCases

/// `/services`: breakers and quotas of what is asked outside.
struct ServicesPage: Sendable {
    let services: APIServices

    var routes: [Route] {
        [
            .page("/services", "servicesPage", "Show the services outside", access: .admin) { request in
                let found = try await services.outside?.services() ?? []
                return request.webPage("Services", place: .services, scripts: ["live.js"]) {
                    HTML.live("Services", reload: "/services") {
                        if found.isEmpty { HTML(.p) { "No service outside is set up." } }
                        for service in found { box(service) }
                    }
                }
            }
        ]
    }

    private func box(_ service: ServiceStatus) -> HTML {
        HTML(.section, .named("box")) {
            HTML(.header) {
                HTML(.h2) { service.title }
                state(service.state)
            }
            HTML(.dl, .named("facts")) {
                fact("Name", service.name)
                fact("Address", service.address ?? "not set up any more")
                if let policy = service.policy { fact("Quota", quota(policy)) }
                if let used = service.quotaUsed { fact("Used of it", "\(Int(min(max(used, 0), 1e6) * 100)) %") }
            }
            if !service.doors.isEmpty { doors(service.doors) }
        }
    }

    private func fact(_ name: String, _ text: String) -> HTML {
        HTML(.dt) { name } + HTML(.dd) { text }
    }

    private func quota(_ policy: ServicePolicy) -> String {
        let (rate, burst) = (policy.requestsPerSecond, policy.requestsAtOnce)
        return "\(rate.formatted) a second, \(burst.formatted) at once"
            + (policy.sharesQuota ? ", by all together" : "")
    }

    private func state(_ state: ServiceState) -> HTML {
        switch state {
        case .unknown: .state("never asked")
        case .closed: .state("well", isGood: true)
        case .halfOpen: .state("being tried again")
        case .open: .state("left alone after failures", isBad: true)
        case .blocked: .state("somebody has to mend something", isBad: true)
        }
    }

    private func doors(_ doors: [StoredServiceRecord]) -> HTML {
        var table = PageTable(
            "Hosts",
            [
                .init("Host"), .init("Breaker"), .init("Next try"), .init("Requests", isNumber: true),
                .init("Failures", isNumber: true), .init("Last error"),
            ])
        for door in doors {
            table.add([
                HTML(text: door.door.purpose == .look ? "\(door.door.host) (looks)" : door.door.host),
                state(door.state),
                HTML(text: door.waitSeconds > 0 ? "in \(Amount.duration(seconds: door.waitSeconds))" : "now"),
                HTML(text: Amount.count(door.record.requests)), HTML(text: Amount.count(door.record.failures)),
                HTML.failure(door.record.lastFailure),
            ])
        }
        return table.html
    }
}

extension Double {
    /// Whole numbers without a point.
    fileprivate var formatted: String { Int(exactly: self).map(String.init) ?? "\(self)" }
}
