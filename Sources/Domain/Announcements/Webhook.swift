/// An address that is told of what happens.
package struct Webhook: Hashable, Sendable {
    package let id: Int64
    /// The server alone, `https://hooks.example.com`: what follows in the address may be as good as a password.
    package let server: String
    package let topics: Set<AnnouncementTopic>
    /// Microseconds since the epoch, as are the others.
    package let createdAt: Int64
    /// Nil while it is told.
    package var disabledAt: Int64?
    /// For people.
    package var disabledBecause: String?
    /// When it last took a message.
    package var deliveredAt: Int64?

    package init(
        id: Int64, server: String, topics: Set<AnnouncementTopic>, createdAt: Int64, disabledAt: Int64? = nil,
        disabledBecause: String? = nil, deliveredAt: Int64? = nil
    ) {
        self.id = id
        self.server = server
        self.topics = topics
        self.createdAt = createdAt
        self.disabledAt = disabledAt
        self.disabledBecause = disabledBecause
        self.deliveredAt = deliveredAt
    }
}
