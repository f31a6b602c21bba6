/// A stretch of every day, such as 01:00-07:00. One that ends before it begins goes over midnight.
package struct DailySpan: Hashable, Sendable {
    /// Minutes since midnight: the first that is in, and the first that no longer is.
    package let start: Int
    package let end: Int

    package static let minutesADay = 24 * 60

    /// Nil for what is no such stretch; `00:00-24:00` is the whole day.
    package init?(_ text: some StringProtocol) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 2, let start = Self.minute(parts[0]), let end = Self.minute(parts[1]), start != end,
            start < Self.minutesADay
        else { return nil }
        self.start = start
        self.end = end
    }

    package func contains(minute: Int) -> Bool {
        start < end ? (start..<end).contains(minute) : minute >= start || minute < end
    }

    /// Minutes since midnight of `HH:MM`, up to 24:00.
    static func minute(_ text: some StringProtocol) -> Int? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy({ $0.utf8.count == 2 && $0.allSatisfy(\.isWholeNumber) }),
            let hour = Int(parts[0]), let minute = Int(parts[1]), minute < 60, hour * 60 + minute <= minutesADay
        else { return nil }
        return hour * 60 + minute
    }
}

extension DailySpan: CustomStringConvertible {
    package var description: String { "\(Self.clock(start))-\(Self.clock(end))" }

    static func clock(_ minute: Int) -> String {
        [minute / 60, minute % 60].map { $0 < 10 ? "0\($0)" : "\($0)" }.joined(separator: ":")
    }
}

/// When heavy work may be done.
package struct WorkHours: Hashable, Sendable {
    /// Only then; empty for the whole day.
    package var heavy: [DailySpan]
    /// Not then, whatever `heavy` says: somebody sleeps beside the fan.
    package var quiet: [DailySpan]

    package init(heavy: [DailySpan] = [], quiet: [DailySpan] = []) {
        self.heavy = heavy
        self.quiet = quiet
    }

    /// - Parameter minute: since midnight, by the clock on the wall.
    package func allow(minute: Int) -> Bool {
        (heavy.isEmpty || heavy.contains { $0.contains(minute: minute) })
            && !quiet.contains { $0.contains(minute: minute) }
    }
}
