import CFiles
import Dispatch
import Synchronization

/// Takes what the kernel tells out of its queue as it comes, so that little is lost while folders are being gone
/// through, and keeps it for whoever asks.
final class WatchInbox: Sendable {
    private struct State {
        var bytes: [UInt8] = []
        /// More came than is kept.
        var isOverfull = false
    }

    /// Of events that nobody has read: a hundred thousand or so.
    private static let keptBytesMax = 4 << 20
    private static let readBytes = 64 * 1024

    let watcher: Int32
    // Dispatch's own objects may be used from any thread; only their type does not say so.
    private nonisolated(unsafe) let source: any DispatchSourceRead
    private let state: Mutex<State>

    /// - Parameter watcher: an open watcher, which the inbox closes.
    init(_ watcher: Int32, onNews: @escaping @Sendable () -> Void) {
        self.watcher = watcher
        state = Mutex(State())
        let queue = DispatchQueue(label: "sillon.watch.inbox")
        source = DispatchSource.makeReadSource(fileDescriptor: watcher, queue: queue)
        source.setEventHandler { [weak self] in
            if self?.read() == true { onNews() }
        }
        source.setCancelHandler { sillon_fd_close(watcher) }
        source.resume()
    }

    deinit {
        source.cancel()
    }

    /// Nothing comes any more. The watches end a moment later.
    func close() { source.cancel() }

    private func read() -> Bool {
        var buffer = [UInt8](repeating: 0, count: Self.readBytes)
        var count = sillon_watch_read(watcher, &buffer, buffer.count)
        guard count > 0 else { return false }
        state.withLock { state in
            while count > 0 {
                if state.bytes.count + count <= Self.keptBytesMax {
                    state.bytes += buffer[..<count]
                } else {
                    state.isOverfull = true
                }
                count = sillon_watch_read(watcher, &buffer, buffer.count)
            }
        }
        return true
    }

    func take() -> (bytes: [UInt8], isOverfull: Bool) {
        state.withLock { state in
            defer { state = State() }
            return (state.bytes, state.isOverfull)
        }
    }
}
