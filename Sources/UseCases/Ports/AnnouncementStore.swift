/// What was told, for those who listen. It is kept for a month.
package protocol AnnouncementStore: Sendable {
    /// The number of the newest; 0 when there is none.
    func newest() async throws -> Int64

    /// Those after this number, the oldest first.
    func announcements(after number: Int64, limit: Int) async throws -> [ToldAnnouncement]
}
