import Foundation

/// The time of day of this machine. Everything else gets it as an argument.
enum SystemClock {
    /// Microseconds since the epoch.
    static func microseconds() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000
    }
}
