import Foundation

/// The time of day of this machine. Everything else gets it as an argument.
enum SystemClock {
    /// Microseconds since the epoch. A double holds them exactly until the year 2255.
    static func microseconds() -> Int64 {
        Int64((Date().timeIntervalSince1970 * 1_000_000).rounded(.down))
    }

    /// Minutes by which the clock on the wall of this machine's time zone is ahead of UTC now.
    static func minuteOffset() -> Int {
        var now = time(nil)
        var parts = tm()
        localtime_r(&now, &parts)
        return parts.tm_gmtoff / 60
    }
}
