import Domain
import Testing

@Suite struct WorkGovernorTests {
    private func slots(_ readings: [DeviceReading], of slots: Int = 4) -> [Int] {
        var governor = WorkGovernor(slots: slots)
        return readings.map {
            governor.step($0, isHour: true)
            return governor.hold?.slots ?? slots
        }
    }

    private func heat(_ celsius: Double...) -> [DeviceReading] { celsius.map { DeviceReading(celsius: $0) } }

    @Test("A device that tells nothing works at full width")
    func silent() {
        #expect(slots([DeviceReading(), DeviceReading()]) == [4, 4])
    }

    @Test("At 75 °C it takes a slot away each step, but for one; near the limit of the firmware all")
    func hot() {
        #expect(slots(heat(74.9, 75, 76, 77, 78, 81, 82)) == [4, 3, 2, 1, 1, 1, 0])
    }

    @Test("Slots come back one by one, after three cool steps each, and not between 70 and 75 °C")
    func hysteresis() {
        #expect(slots(heat(76, 76, 72, 72, 72, 72)) == [3, 2, 2, 2, 2, 2])
        #expect(slots(heat(76, 76, 69, 69, 69, 69, 69, 69, 69)) == [3, 2, 2, 2, 3, 3, 3, 4, 4])
        #expect(slots(heat(76, 69, 69, 71, 69, 69, 69)) == [3, 3, 3, 3, 3, 3, 4], "warm in between counts anew")
    }

    @Test("Stopped by heat, one slot begins again below the target, not above it")
    func afterStop() {
        #expect(slots(heat(83, 80, 76, 74, 74, 74, 74, 74)) == [0, 0, 0, 0, 0, 1, 1, 1])
    }

    @Test("A device that swings around its limit changes its slots seldom")
    func swinging() {
        let readings = (0..<200).map { DeviceReading(celsius: $0 % 2 == 0 ? 75.5 : 69.5) }
        let found = slots(readings)
        #expect(zip(found, found.dropFirst()).count { $0 != $1 } <= 3)
    }

    @Test("Each cause holds by itself, and the tightest counts")
    func causes() {
        var governor = WorkGovernor(slots: 8)
        governor.step(DeviceReading(celsius: 76, isThrottled: false, isOnBattery: true), isHour: true)
        #expect(governor.hold == WorkHold(slots: 4, causes: [.heat, .battery]))
        governor.step(DeviceReading(celsius: 60, isThrottled: true, memoryPressure: 12), isHour: true)
        #expect(governor.hold == WorkHold(slots: 1, causes: [.heat, .throttled, .memory, .battery]))
        governor.step(DeviceReading(celsius: 60), isHour: false)
        #expect(governor.hold?.slots == 0 && governor.hold?.causes.contains(.hours) == true)
        for _ in 0..<60 { governor.step(DeviceReading(celsius: 60, isThrottled: false), isHour: true) }
        #expect(governor.hold == nil)
    }

    @Test("Memory pressure between calm and limit changes nothing")
    func memory() {
        let readings = [20.0, 5, 5, 5, 1, 1, 1].map { DeviceReading(memoryPressure: $0) }
        #expect(slots(readings, of: 2) == [1, 1, 1, 1, 1, 1, 2])
    }

    @Test("One slot stays one, and says why it is held while it is")
    func single() {
        var governor = WorkGovernor(slots: 1)
        governor.step(DeviceReading(isThrottled: true), isHour: true)
        #expect(governor.hold == WorkHold(slots: 1, causes: [.throttled]))
        governor.step(DeviceReading(isThrottled: false), isHour: true)
        #expect(governor.hold == nil)
    }

    @Test(
        "Hours are read from the clock",
        arguments: [
            ("01:00-07:00", 60, 420), ("22:30-06:15", 1350, 375), ("00:00-24:00", 0, 1440), ("12:00-12:01", 720, 721),
        ])
    func spans(text: String, start: Int, end: Int) throws {
        let span = try #require(DailySpan(text))
        #expect(span.start == start && span.end == end && span.description == text)
    }

    @Test(
        "What is no stretch of the day is refused",
        arguments: [
            "", "1-7", "01:00", "01:00-01:00", "24:00-07:00", "01:60-02:00", "01:00-25:00", "-1:00-02:00", "a:b-c:d",
        ])
    func noSpans(text: String) {
        #expect(DailySpan(text) == nil)
    }

    @Test("Heavy hours go over midnight, and quiet ones win")
    func hours() throws {
        let night = try #require(DailySpan("22:00-07:00"))
        let quiet = try #require(DailySpan("06:00-08:00"))
        let hours = WorkHours(heavy: [night], quiet: [quiet])
        #expect(hours.allow(minute: 23 * 60) && hours.allow(minute: 0) && hours.allow(minute: 359))
        #expect(!hours.allow(minute: 360) && !hours.allow(minute: 12 * 60))
        #expect(WorkHours().allow(minute: 12 * 60) && !WorkHours(quiet: [quiet]).allow(minute: 420))
    }
}
