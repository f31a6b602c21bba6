/// A stretch of time that is looked back at, in periods of one length. Periods begin on the hour, at midnight, or on
/// Mondays, in UTC.
package struct HistoryRange: Hashable, Sendable {
    package enum Resolution: String, CaseIterable, Sendable {
        case hour, day, week

        package var hours: Int64 {
            switch self {
            case .hour: 1
            case .day: 24
            case .week: 168
            }
        }

        /// The epoch was a Thursday: the first Monday is this many hours later.
        private var offset: Int64 { self == .week ? 96 : 0 }

        /// The start of the period that holds this hour; both count from the epoch.
        package func start(of hour: Int64) -> Int64 {
            let rest = (hour - offset) % hours
            return hour - (rest < 0 ? rest + hours : rest)
        }
    }

    package let resolution: Resolution
    /// Starts of periods, in hours since the epoch, the oldest first.
    package let starts: [Int64]

    /// More makes no chart and no answer that anybody wants.
    package static let maxPeriods = 400

    package var hours: Range<Int64> {
        guard let first = starts.first, let last = starts.last else { return 0..<0 }
        return first..<last + resolution.hours
    }

    /// The periods that hold the times from `from` to `to`, microseconds since the epoch; nil when they are none, or
    /// more than `maxPeriods`.
    package init?(_ resolution: Resolution, from: Int64, to: Int64) {
        guard from < to else { return nil }
        let first = resolution.start(of: Self.hour(of: from))
        let last = resolution.start(of: Self.hour(of: to - 1))
        guard (last - first) / resolution.hours < Int64(Self.maxPeriods) else { return nil }
        self.resolution = resolution
        starts = Array(stride(from: first, through: last, by: Int64.Stride(resolution.hours)))
    }

    /// Hours since the epoch.
    package static func hour(of microseconds: Int64) -> Int64 {
        let (hour, rest) = microseconds.quotientAndRemainder(dividingBy: hourUs)
        return rest < 0 ? hour - 1 : hour
    }

    package static let hourUs: Int64 = 3_600_000_000
}
