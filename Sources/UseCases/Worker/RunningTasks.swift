import Synchronization

/// The attempts that this worker runs now, each with a way to cancel it.
final class RunningTasks: Sendable {
    private let cancellers = Mutex<[Int64: @Sendable () -> Void]>([:])

    var ids: [Int64] { cancellers.withLock { Array($0.keys) } }
    var isEmpty: Bool { cancellers.withLock { $0.isEmpty } }

    func add(_ id: Int64, cancel: @escaping @Sendable () -> Void) {
        cancellers.withLock { $0[id] = cancel }
    }

    func remove(_ id: Int64) {
        cancellers.withLock { _ = $0.removeValue(forKey: id) }
    }

    func cancel(_ id: Int64) {
        cancellers.withLock { $0[id] }?()
    }

    func cancelAll() {
        for cancel in cancellers.withLock({ Array($0.values) }) { cancel() }
    }
}
