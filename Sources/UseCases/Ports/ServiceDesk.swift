import Domain

/// How the services outside are.
package protocol ServiceDesk: Sendable {
    /// Those that are configured, in their order; then those of which only records are left.
    func services() async throws -> [ServiceStatus]
}

package struct ServiceStatus: Sendable {
    /// `musicbrainz`, or a model behind a service: `ollama:nomic-embed-text`.
    package let name: String
    package let title: String
    /// Nil for what is not configured any more.
    package let address: String?
    package let policy: ServicePolicy?
    package let doors: [StoredServiceRecord]

    package init(
        name: String, title: String, address: String?, policy: ServicePolicy?, doors: [StoredServiceRecord]
    ) {
        self.name = name
        self.title = title
        self.address = address
        self.policy = policy
        self.doors = doors
    }
}

/// Whether a service may be asked.
package enum ServiceState: String, CaseIterable, Sendable {
    /// Never asked.
    case unknown
    case closed
    case open
    case halfOpen = "half_open"
    /// Open until somebody does something.
    case blocked
}
