import Foundation
import Glibc
import Synchronization

/// Hears of signals on an ordinary thread, from the moment `init` returns until `end`.
///
/// A dispatch source for signals is registered some time after it was made, and what comes before is lost: a service
/// that is stopped while it starts would run on. So a handler writes the signal's number into a pipe. There is one pipe
/// for the process, and one watch at a time.
struct SignalWatch {
    private let numbers: [Int32]
    private let source: any DispatchSourceRead

    init(_ numbers: [Int32], _ act: @escaping @Sendable (Int32) -> Void) {
        self.numbers = numbers
        let pipe = SignalPipe.shared
        source = DispatchSource.makeReadSource(fileDescriptor: pipe.readEnd, queue: .global())
        source.setEventHandler {
            for number in pipe.read() { act(number) }
        }
        source.resume()
        for number in numbers { signal(number) { SignalPipe.shared.write($0) } }
    }

    func end() {
        for number in numbers { signal(number, SIG_DFL) }
        source.cancel()
    }

    /// The first SIGTERM or SIGINT calls `stop`, the second one ends the process at once.
    static func stopping(_ stop: @escaping @Sendable () -> Void) -> SignalWatch {
        let count = Mutex(0)
        return SignalWatch([SIGTERM, SIGINT]) { number in
            let isFirst = count.withLock { count in
                count += 1
                return count == 1
            }
            // 128 + number is what a shell reports for a process that a signal ended.
            if isFirst { return stop() }
            LogEnd.flush(isHurried: true)
            _exit(128 + number)
        }
    }
}

/// The way out of a signal handler, which may do no more than write(2).
private struct SignalPipe {
    let readEnd: Int32
    private let writeEnd: Int32

    static let shared = SignalPipe()

    /// Signals that are taken out at once; more wait for the next round.
    private static let batch = 16

    private init() {
        var ends: [Int32] = [0, 0]
        precondition(pipe(&ends) == 0, "a process can have a pipe")
        for end in ends {
            // These cannot fail on a descriptor that was just made.
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
        }
        (readEnd, writeEnd) = (ends[0], ends[1])
    }

    /// For signal handlers. A full pipe loses the signal: there are thousands before it.
    func write(_ number: Int32) {
        let before = errno
        var byte = UInt8(truncatingIfNeeded: number)
        _ = Glibc.write(writeEnd, &byte, 1)
        errno = before
    }

    func read() -> [Int32] {
        var bytes = [UInt8](repeating: 0, count: Self.batch)
        let count = Glibc.read(readEnd, &bytes, bytes.count)
        return bytes.prefix(max(0, count)).map(Int32.init)
    }
}
