import Foundation

/// Processor time of this process, user and system.
enum ProcessorTime {
    static func now() -> Duration {
        // POSIX fixes CLOCKS_PER_SEC at one million.
        .microseconds(Int64(clock()))
    }
}
