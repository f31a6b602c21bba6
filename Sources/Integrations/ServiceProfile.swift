import Domain

/// What is known of a service before anything is set.
package struct ServiceProfile: Sendable {
    /// Nil for what everybody runs for himself, and for what is off until somebody says where it is.
    package let defaultURL: String?
    package var policy: ServicePolicy
    /// See `HTTPCaller.Options`. None where such an answer may be about one user or one picture.
    package let blockingStatuses: Set<Int>
    package let answerBytesMax: Int

    private init(
        defaultURL: String?, policy: ServicePolicy, blockingStatuses: Set<Int>, answerBytesMax: Int = 8 << 20
    ) {
        self.defaultURL = defaultURL
        self.policy = policy
        self.blockingStatuses = blockingStatuses
        self.answerBytesMax = answerBytesMax
    }

    package static func of(_ service: ServiceID) -> ServiceProfile {
        switch service {
        case .ollama:
            ServiceProfile(defaultURL: "http://127.0.0.1:11434", policy: ServicePolicy(), blockingStatuses: settings)
        case .openai: ServiceProfile(defaultURL: nil, policy: ServicePolicy(), blockingStatuses: settings)
        // What a search found comes in one piece.
        case .slskd:
            ServiceProfile(
                defaultURL: nil, policy: ServicePolicy(), blockingStatuses: settings, answerBytesMax: 32 << 20)
        // About five a second from one address, says its page; continuously more suspends the key.
        case .lastfm:
            ServiceProfile(
                defaultURL: "https://ws.audioscrobbler.com/2.0", policy: .everybodys(perSecond: 4, atOnce: 4),
                blockingStatuses: [])
        // It tells its quota with each answer: about thirty in ten seconds.
        case .listenbrainz:
            ServiceProfile(
                defaultURL: "https://api.listenbrainz.org/1", policy: .everybodys(perSecond: 2, atOnce: 8),
                blockingStatuses: settings)
        // One a second, else every request is refused. A little less, so that no ten seconds ever see eleven.
        case .musicbrainz:
            ServiceProfile(
                defaultURL: "https://musicbrainz.org/ws/2", policy: .everybodys(perSecond: 0.9, atOnce: 1),
                blockingStatuses: settings)
        case .coverart:
            ServiceProfile(
                defaultURL: "https://coverartarchive.org", policy: .everybodys(perSecond: 4, atOnce: 4),
                blockingStatuses: [], answerBytesMax: 32 << 20)
        case .napster:
            ServiceProfile(
                defaultURL: nil, policy: .everybodys(perSecond: 4, atOnce: 4), blockingStatuses: [])
        }
    }

    private static let settings: Set<Int> = [401, 402, 403]
}
