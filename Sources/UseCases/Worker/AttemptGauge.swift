import Synchronization

/// What an attempt takes of the machine, told by whoever does its work: children of this process are seen by nobody else.
package final class AttemptGauge: Sendable {
    /// Of the attempt that the calling task belongs to; nil outside attempts.
    @TaskLocal package static var current: AttemptGauge?

    private let peak = Mutex<Int64?>(nil)

    package init() {}

    /// The most memory that a child which works for this attempt has held in its life, in bytes.
    package var peakMemoryBytes: Int64? { peak.withLock { $0 } }

    package func note(memoryBytes: Int64) {
        peak.withLock { $0 = max($0 ?? 0, memoryBytes) }
    }
}
