import Domain
import UseCases

/// What was told, by number.
package struct DatabaseAnnouncements: AnnouncementStore {
    let context: QueueContext

    package func newest() async throws -> Int64 {
        try await context.database.read { connection in
            // Later than any that was deleted, too: numbers do not return.
            try connection.first("SELECT MAX(id) FROM announcement") { $0.int(0) ?? 0 } ?? 0
        }
    }

    /// What this build does not know, a newer one has told: it is passed over, and fills no page.
    private static let known = Query.oneOf(AnnouncementTopic.allCases.map(\.rawValue))

    package func announcements(after number: Int64, limit: Int) async throws -> [ToldAnnouncement] {
        try await context.database.read { connection in
            try connection.all(
                """
                SELECT id, uuid, topic, at, data FROM announcement WHERE id > \(number) AND topic \(Self.known)
                ORDER BY id LIMIT \(limit)
                """
            ) { row in
                AnnouncementTopic(rawValue: row.text(2) ?? "").map { topic in
                    ToldAnnouncement(
                        number: row.int(0) ?? 0, id: row.text(1) ?? "", topic: topic, at: row.int(3) ?? 0,
                        data: row.text(4) ?? "")
                }
            }.compactMap(\.self)
        }
    }
}
