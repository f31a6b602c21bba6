import Contracts
import Synchronization

/// Payloads that were read when their tasks were claimed, so that a settle in the same process need not read them
/// again. A miss costs time, nothing else.
final class PayloadCache: Sendable {
    private struct Entry {
        let lease: Int64
        let payload: TaskPayload
    }

    /// Claims whose results never come back here (a remote worker that died) must not pile up.
    private static let capacity = 4096
    private let entries = Mutex<[Int64: Entry]>([:])

    func put(_ payload: TaskPayload, task: Int64, lease: Int64) {
        entries.withLock { entries in
            if entries.count >= Self.capacity { entries.removeAll(keepingCapacity: true) }
            entries[task] = Entry(lease: lease, payload: payload)
        }
    }

    func payload(task: Int64, lease: Int64?) -> TaskPayload? {
        entries.withLock { entries in
            guard let entry = entries[task], entry.lease == lease else { return nil }
            return entry.payload
        }
    }

    func forget(_ tasks: some Sequence<Int64>) {
        entries.withLock { entries in
            for task in tasks { entries[task] = nil }
        }
    }
}
