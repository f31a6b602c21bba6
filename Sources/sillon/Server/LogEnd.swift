import Synchronization
import Telemetry

/// The last lines of the log, before the process ends.
enum LogEnd {
    private static let queues = Mutex<[LineQueue]>([])

    /// A reader that does not read any more does not hold the end up for longer.
    private static let limit = Duration.seconds(2)
    /// Somebody asked for the second time.
    private static let hurriedLimit = Duration.milliseconds(200)

    static func register(_ queue: LineQueue) { queues.withLock { $0.append(queue) } }

    /// - Parameter isHurried: true where the process has to end at once.
    static func flush(isHurried: Bool = false) {
        for queue in queues.withLock({ $0 }) { queue.flush(within: isHurried ? hurriedLimit : limit) }
    }
}
