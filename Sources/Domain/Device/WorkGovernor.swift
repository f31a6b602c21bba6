/// Why a device does less at once than it could.
package enum HoldCause: String, CaseIterable, Codable, Sendable {
    case heat, throttled, memory, battery, hours

    /// What people read behind "because".
    package var text: String {
        switch self {
        case .heat: "it is hot"
        case .throttled: "its firmware holds the processor back"
        case .memory: "memory is short"
        case .battery: "it runs on its battery"
        case .hours: "heavy work has its hours"
        }
    }
}

/// How many of a device's slots for heavy work may take something new, and why not all.
package struct WorkHold: Hashable, Codable, Sendable {
    package let slots: Int
    /// In the order of `HoldCause`.
    package let causes: [HoldCause]

    package init(slots: Int, causes: [HoldCause]) {
        self.slots = slots
        self.causes = causes
    }
}

/// Decides how many slots may work, from what the device says every `stepSeconds`.
///
/// Whatever presses takes slots away at once; what no longer presses gives them back one by one, and only after some calm
/// steps at a distance from the limit, so that a device at its limit does not swing.
package struct WorkGovernor: Sendable {
    package static let stepSeconds = 10

    /// A Raspberry Pi slows itself down from 80 °C on: work that goes on below that is done sooner.
    package static let targetCelsius = 75.0
    /// So hot in spite of one slot: nothing new until it is below the target.
    package static let stopCelsius = 82.0
    static let coolCelsius = 70.0
    /// Percent of the time in which somebody waits for memory.
    package static let pressureMax = 10.0
    static let pressureCalm = 3.0
    /// So many steps in a row before one slot comes back.
    static let calmSteps = 3

    private struct Held {
        var slots: Int
        var calm = 0
    }

    private enum Signal {
        /// One slot fewer, and no more than `most`; never fewer than `least`.
        case press(most: Int, least: Int)
        case stay
        case ease
    }

    private let slots: Int
    private var held: [HoldCause: Held] = [:]
    private var isHour = true

    package init(slots: Int) {
        self.slots = max(1, slots)
    }

    /// Nil while nothing holds it back.
    package var hold: WorkHold? {
        var causes = Set(held.keys)
        if !isHour { causes.insert(.hours) }
        guard !causes.isEmpty else { return nil }
        let allowed = held.values.map(\.slots).min() ?? slots
        return WorkHold(slots: isHour ? allowed : 0, causes: HoldCause.allCases.filter(causes.contains))
    }

    /// - Parameter isHour: whether the hours allow heavy work now.
    package mutating func step(_ reading: DeviceReading, isHour: Bool) {
        self.isHour = isHour
        take(heat(reading.celsius), .heat)
        take(reading.isThrottled == true ? .press(most: 1, least: 1) : .ease, .throttled)
        take(memory(reading.memoryPressure), .memory)
        let half = max(1, slots / 2)
        take(reading.isOnBattery == true ? .press(most: half, least: half) : .ease, .battery)
    }

    private func heat(_ celsius: Double?) -> Signal {
        guard let celsius else { return .ease }
        if celsius >= Self.stopCelsius { return .press(most: 0, least: 0) }
        if celsius >= Self.targetCelsius { return held[.heat]?.slots == 0 ? .stay : .press(most: slots, least: 1) }
        // Nothing runs: one slot may, as soon as the target is met.
        return celsius < Self.coolCelsius || held[.heat]?.slots == 0 ? .ease : .stay
    }

    private func memory(_ pressure: Double?) -> Signal {
        guard let pressure else { return .ease }
        if pressure >= Self.pressureMax { return .press(most: slots, least: 1) }
        return pressure < Self.pressureCalm ? .ease : .stay
    }

    private mutating func take(_ signal: Signal, _ cause: HoldCause) {
        var now = held[cause] ?? Held(slots: slots)
        switch signal {
        case .press(let most, let least):
            now.slots = max(least, min(now.slots - 1, most))
            now.calm = 0
        case .stay:
            now.calm = 0
        case .ease:
            now.calm += 1
            if now.calm >= Self.calmSteps {
                now.slots += 1
                now.calm = 0
            }
        }
        // With one slot there may be nothing to take away: the cause is told all the same while it presses.
        if case .press = signal { held[cause] = now } else { held[cause] = now.slots < slots ? now : nil }
    }
}
