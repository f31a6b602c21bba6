import Foundation
import Synchronization

/// One connection that does nothing but hear of new work. When it is lost, the stores' own looks go on without it.
final class PostgresListener: Sendable {
    static let channel = "sillon_work"

    private let isClosed = Mutex(false)

    /// Between looks whether to stop.
    private static let patience = Duration.milliseconds(500)
    /// Silence after which the connection is asked whether it still lives.
    private static let checkEvery = 60
    private static let checkLimit = Duration.seconds(5)
    private static let pauseAfterLoss = 1.0

    init(_ url: PostgresURL, _ wake: @Sendable @escaping () -> Void) {
        let thread = Thread { [weak self] in
            while let self, !self.isClosed.withLock({ $0 }) {
                do {
                    try self.listen(url, wake)
                } catch {
                    wake()  // what came in the meantime is looked for by those who wait
                    Thread.sleep(forTimeInterval: Self.pauseAfterLoss)
                }
            }
        }
        thread.name = "sillon.listen"
        thread.start()
    }

    func close() { isClosed.withLock { $0 = true } }

    private func listen(_ url: PostgresURL, _ wake: () -> Void) throws {
        let connection = try LibPQ(url.parameters, onNotice: { _ in })
        _ = try connection.run("LISTEN \(Self.channel)", limit: Self.checkLimit)
        wake()
        var silence = 0
        while !isClosed.withLock({ $0 }) {
            if try connection.waitForNotification(limit: Self.patience) {
                silence = 0
                wake()
            } else {
                silence += 1
                guard silence.isMultiple(of: Self.checkEvery) else { continue }
                _ = try connection.run("SELECT 1", limit: Self.checkLimit)
            }
        }
    }
}
