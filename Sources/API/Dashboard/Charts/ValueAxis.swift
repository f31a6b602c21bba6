/// Where an axis of numbers has its ticks: at round numbers from 0 to one that is no less than the greatest value.
struct ValueAxis: Hashable, Sendable {
    let ticks: [Double]

    private static let steps = 4.0
    /// Of clocks.
    private static let roundSeconds: [Double] = [
        15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400,
    ]

    /// - Parameter greatest: not negative.
    init(upTo greatest: Double, _ unit: Chart.Unit) {
        let least = greatest.isFinite && greatest > 0 ? min(greatest, 1e15) / Self.steps : 0.25
        var step = Self.round(least)
        switch unit {
        // There is no half of a task.
        case .count: step = max(1, step)
        case .seconds: if least > 10 { step = Self.roundSeconds.first { $0 >= least } ?? Self.round(least) }
        }
        let count = Int(min(max(1, (greatest / step).rounded(.up)), 2 * Self.steps))
        ticks = (0...count).map { Double($0) * step }
    }

    var top: Double { ticks.last ?? 1 }

    /// 1, 2 or 5 times a power of ten, no less than this.
    private static func round(_ least: Double) -> Double {
        var power = 1.0
        while power > least { power /= 10 }
        while power * 10 <= least { power *= 10 }
        return ([1, 2, 5, 10].first { power * $0 >= least } ?? 10) * power
    }

    static func text(_ value: Double, _ unit: Chart.Unit) -> String {
        switch unit {
        case .count: short(value)
        case .seconds: seconds(value)
        }
    }

    /// `950`, `12k`, `1.5M`
    private static func short(_ value: Double) -> String {
        switch value {
        case ..<10_000: trimmed(value)
        case ..<1_000_000: trimmed(value / 1000) + "k"
        default: trimmed(value / 1_000_000) + "M"
        }
    }

    /// `5 ms`, `2.5 s`, `10 min`, `3 h`
    private static func seconds(_ value: Double) -> String {
        switch value {
        case 0: "0"
        case ..<1: trimmed(value * 1000) + " ms"
        case ..<120: trimmed(value) + " s"
        case ..<7200: trimmed(value / 60) + " min"
        default: trimmed(value / 3600) + " h"
        }
    }

    /// With one digit behind the point, where that is not 0.
    private static func trimmed(_ value: Double) -> String {
        let tenths = Int(exactly: (min(value, 1e14) * 10).rounded()) ?? 0
        return tenths.isMultiple(of: 10) ? "\(tenths / 10)" : "\(tenths / 10).\(tenths % 10)"
    }
}
