import Foundation

/// The time of day of this machine. Everything else gets it as an argument.
enum SystemClock {
    /// Microseconds since the epoch. A double holds them exactly until the year 2255.
    static func microseconds() -> Int64 {
        Int64((Date().timeIntervalSince1970 * 1_000_000).rounded(.down))
    }
}
