import Dispatch
import Synchronization

/// Carries rows from the thread that reads one database to the thread that writes the other. Holds few of them: who is
/// faster waits. Both ends block, so neither may run on the cooperative pool.
final class RowPipe: Sendable {
    enum Item: Sendable {
        case table(StoredTable, [StoredColumn])
        case rows([[SQLValue]])
        case tableEnd(TableDigest)
        case end
    }

    private struct State {
        var items: [Item] = []
        var isClosed = false
    }

    private let state = Mutex(State())
    private let room = DispatchSemaphore(value: 0)
    private let filled = DispatchSemaphore(value: 0)
    private static let capacity = 4

    init() {
        for _ in 0..<Self.capacity { room.signal() }
    }

    /// Throws `interrupted` when the other end has gone.
    func send(_ item: Item) throws {
        room.wait()
        let isSent = state.withLock { state in
            if !state.isClosed { state.items.append(item) }
            return !state.isClosed
        }
        guard isSent else {
            room.signal()
            throw TransferError.interrupted
        }
        filled.signal()
    }

    /// Throws `interrupted` when the other end has gone.
    func receive() throws -> Item {
        filled.wait()
        let item = state.withLock { $0.isClosed || $0.items.isEmpty ? nil : $0.items.removeFirst() }
        guard let item else {
            filled.signal()
            throw TransferError.interrupted
        }
        room.signal()
        return item
    }

    /// Wakes both ends.
    func close() {
        state.withLock { $0.isClosed = true }
        room.signal()
        filled.signal()
    }
}
