/// What has a breaker and a quota of its own: a service, at one host, for one purpose.
package struct ServiceDoor: Hashable, Sendable {
    /// A service that tells of itself may still fail at its work.
    package enum Purpose: String, CaseIterable, Sendable {
        case work, look
    }

    /// `musicbrainz`, or a model behind a service: `ollama:nomic-embed-text`.
    package let service: String
    /// With its port where that is not the usual one.
    package let host: String
    package let purpose: Purpose

    package init(service: String, host: String, purpose: Purpose) {
        self.service = service
        self.host = host
        self.purpose = purpose
    }
}
