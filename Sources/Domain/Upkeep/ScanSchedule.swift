/// When a library root is scanned by itself, whatever a watcher sees.
package enum ScanSchedule: Hashable, Sendable {
    /// As often as its watcher leaves open: seldom where it sees every change, often where it sees none.
    case automatic
    case off
    /// So long after the last scan of the whole root began.
    case every(minutes: Int)
    /// At a minute since midnight, by the clock on the wall.
    case daily(minute: Int)

    /// Of `every`: a scan of a large library on a slow disk takes minutes; a year is as good as never.
    package static let minutesRange = 5...525_600

    /// How it is written, for people: "a schedule is …".
    package static let syntax =
        "auto, off, \"every\" and a number of m, h or d from 5m to 365d (every 6h), or \"daily\" and a time (daily 03:30)"

    package static let automaticWatchedMinutes = 24 * 60
    package static let automaticUnwatchedMinutes = 15
}

extension ScanSchedule: LosslessStringConvertible {
    private static let units = [("d", 24 * 60), ("h", 60), ("m", 1)]

    /// `auto`, `off`, `every 6h` (or `30m`, `7d`), `daily 03:30`.
    package init?(_ text: String) {
        switch text {
        case "auto": self = .automatic
        case "off": self = .off
        default:
            let words = text.split(separator: " ", omittingEmptySubsequences: false)
            guard words.count == 2 else { return nil }
            switch words[0] {
            case "every": self.init(every: words[1])
            case "daily": self.init(daily: words[1])
            default: return nil
            }
        }
    }

    private init?(every text: Substring) {
        let digits = text.dropLast()
        guard let unit = Self.units.first(where: { text.hasSuffix($0.0) }), digits.allSatisfy({ ("0"..."9") ~= $0 }),
            let count = Int(digits), count <= Self.minutesRange.upperBound,
            Self.minutesRange.contains(count * unit.1)
        else { return nil }
        self = .every(minutes: count * unit.1)
    }

    private init?(daily text: Substring) {
        guard let minute = DailySpan.minute(text), minute < DailySpan.minutesADay else { return nil }
        self = .daily(minute: minute)
    }

    package var description: String {
        switch self {
        case .automatic: return "auto"
        case .off: return "off"
        case .every(let minutes):
            let unit = Self.units.first { minutes.isMultiple(of: $0.1) } ?? ("m", 1)
            return "every \(minutes / unit.1)\(unit.0)"
        case .daily(let minute): return "daily \(DailySpan.clock(minute))"
        }
    }
}

extension ScanSchedule {
    /// When the next scan of the whole root is due, in microseconds since the epoch; nil for never.
    ///
    /// - Parameters:
    ///   - last: when the last one began, or, before the first, when the root was added.
    ///   - isWatched: every change below the root is seen by a watcher.
    ///   - minuteOffset: minutes by which the clock on the wall is ahead of UTC. A day on which that changes has its scan
    ///     an hour early or late, once.
    package func next(after last: Int64, isWatched: Bool, minuteOffset: Int) -> Int64? {
        switch self {
        case .off: return nil
        case .automatic:
            return Self.later(last, minutes: isWatched ? Self.automaticWatchedMinutes : Self.automaticUnwatchedMinutes)
        case .every(let minutes): return Self.later(last, minutes: minutes)
        case .daily(let minute):
            let day = Int64(DailySpan.minutesADay) * Self.microsecondsAMinute
            let mark = Int64(minute - minuteOffset) * Self.microsecondsAMinute
            // The first such minute that is later than `last`.
            let days = (last - mark).quotientRoundedDown(by: day) + 1
            return mark + days * day
        }
    }

    private static let microsecondsAMinute: Int64 = 60_000_000

    private static func later(_ time: Int64, minutes: Int) -> Int64 { time + Int64(minutes) * microsecondsAMinute }
}

extension Int64 {
    fileprivate func quotientRoundedDown(by divisor: Int64) -> Int64 {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? quotient - 1 : quotient
    }
}
