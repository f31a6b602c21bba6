import Contracts
import Domain
import Telemetry

/// An announcement as it is kept: with its number, by which those who listen go on where they were.
package struct ToldAnnouncement: Hashable, Sendable {
    /// Later ones have greater numbers, and are seen later.
    package let number: Int64
    /// A UUID: the same wherever it is told.
    package let id: String
    package let topic: AnnouncementTopic
    /// Microseconds since the epoch.
    package let at: Int64
    /// JSON.
    package let data: String

    package init(number: Int64, id: String, topic: AnnouncementTopic, at: Int64, data: String) {
        self.number = number
        self.id = id
        self.topic = topic
        self.at = at
        self.data = data
    }

    /// As webhooks and listeners get it, in one line.
    package var json: String { Self.json(id: id, topic: topic.rawValue, at: at, data: data) }

    /// - Parameter data: an object of JSON; the other texts hold nothing that JSON would escape.
    package static func json(id: String, topic: String, at: Int64, data: String) -> String {
        "{\"id\":\"\(id)\",\"type\":\"\(topic)\",\"timestamp\":\"\(RFC3339.text(microseconds: at))\",\"data\":\(data)}"
    }
}
