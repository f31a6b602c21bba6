/// How far back people look, and by what steps.
package enum HistoryPeriod: String, CaseIterable, Sendable {
    case day, week, month, year

    package var resolution: HistoryRange.Resolution {
        switch self {
        case .day, .week: .hour
        case .month: .day
        case .year: .week
        }
    }

    /// Back from now.
    package var hours: Int64 {
        switch self {
        case .day: 24
        case .week: 7 * 24
        case .month: 30 * 24
        case .year: 52 * 7 * 24
        }
    }

    /// The step that `now` lies in is the last one; nil where the clock is set to no time.
    /// - Parameter now: microseconds since the epoch.
    package func range(to now: Int64) -> HistoryRange? {
        HistoryRange(resolution, from: now - (hours - 1) * HistoryRange.hourUs, to: now + 1)
    }
}
