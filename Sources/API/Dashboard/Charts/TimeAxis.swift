import Domain

/// Where an axis of time has its ticks, and what stands there.
struct TimeAxis: Hashable, Sendable {
    struct Tick: Hashable, Sendable {
        let place: Int
        let text: String
    }

    let ticks: [Tick]

    private static let maxTicks = 6
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// - Parameter starts: microseconds since the epoch, the oldest first.
    init(_ starts: [Int64], _ period: HistoryPeriod) {
        var found: [Tick] = []
        var month = ""
        for (place, start) in starts.enumerated() {
            let text = Timestamp.text(start)
            switch period {
            case .day: if hour(text) % 6 == 0 { found.append(Tick(place: place, text: Self.time(text))) }
            case .week: if hour(text) == 0 { found.append(Tick(place: place, text: Self.date(text))) }
            case .month: if place % 7 == 0 { found.append(Tick(place: place, text: Self.date(text))) }
            case .year:
                // The week that begins a month, but for the first one, of which nobody sees whether it does.
                if place > 0, Self.month(text) != month { found.append(Tick(place: place, text: Self.month(text))) }
                month = Self.month(text)
            }
        }
        let stride = (found.count + Self.maxTicks - 1) / Self.maxTicks
        ticks = found.enumerated().filter { stride > 0 && $0.offset % stride == 0 }.map(\.element)

        func hour(_ text: String) -> Int { Int(Self.time(text).prefix(2)) ?? 0 }
    }

    /// `2026-11-21 09:00`
    static func minute(_ start: Int64) -> String {
        let text = Timestamp.text(start)
        return "\(text.prefix(10)) \(time(text))"
    }

    /// `09:00`
    private static func time(_ text: String) -> String { String(text.dropFirst(11).prefix(5)) }

    private static func month(_ text: String) -> String {
        let number = Int(text.dropFirst(5).prefix(2)) ?? 1
        return months.indices.contains(number - 1) ? months[number - 1] : ""
    }

    /// `21 Nov`
    private static func date(_ text: String) -> String {
        "\(Int(text.dropFirst(8).prefix(2)) ?? 0) \(month(text))"
    }
}
