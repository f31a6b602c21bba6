import Synchronization

/// Tells other processes of new work, with the commit that brings it. Each notice makes commits wait for each other
/// for a moment, so there are few; those who miss one look for themselves soon after.
final class WorkNotices: Sendable {
    private static let pause = Duration.milliseconds(20)
    private let last = Mutex<ContinuousClock.Instant?>(nil)

    func send(on connection: any Connection) throws {
        guard connection.dialect == .postgres, isDue() else { return }
        try connection.forEach("SELECT pg_notify(\(PostgresListener.channel), '')") { _ in }
    }

    private func isDue() -> Bool {
        let now = ContinuousClock.now
        return last.withLock { last in
            if let last, now - last < Self.pause { return false }
            last = now
            return true
        }
    }
}
