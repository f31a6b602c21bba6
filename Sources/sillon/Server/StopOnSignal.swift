import Foundation
import Synchronization

/// SIGTERM and SIGINT: the first one asks for a graceful stop, the second one ends the process at once.
enum StopOnSignal {
    /// Watches until the process ends. `stop` is called once, on a thread of its own.
    static func watch(_ stop: @escaping @Sendable () -> Void) -> [any DispatchSourceSignal] {
        let count = Counter()
        return [SIGTERM, SIGINT].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler {
                // 128 + number is what a shell reports for a process that a signal ended.
                if count.next() > 1 { _exit(128 + number) }
                stop()
            }
            source.resume()
            return source
        }
    }

    private final class Counter: Sendable {
        private let value = Mutex(0)

        func next() -> Int {
            value.withLock { value in
                value += 1
                return value
            }
        }
    }
}
