import Domain
import Testing

@Suite("When a library root is scanned by itself")
struct ScanScheduleTests {
    @Test(
        "What is written is read again",
        arguments: ["auto", "off", "every 5m", "every 90m", "every 6h", "every 7d", "daily 03:30", "daily 00:00"])
    func text(_ text: String) {
        #expect(ScanSchedule(text)?.description == text)
    }

    @Test("The largest unit is told")
    func units() {
        #expect(ScanSchedule("every 120m")?.description == "every 2h")
        #expect(ScanSchedule("every 48h")?.description == "every 2d")
    }

    @Test(
        "Others are refused",
        arguments: [
            "", "Auto", "every", "every 4m", "every 6", "every h", "every -6h", "every +6h", "every 6h ", "every  6h",
            "every 366d", "every 99999999999999999999d", "every 9223372036854775807d", "daily", "daily 24:00",
            "daily 3:30",
            "daily 03:60", "hourly", "6h",
        ])
    func refused(_ text: String) {
        #expect(ScanSchedule(text) == nil)
    }

    private static let minute: Int64 = 60_000_000
    private static let hour = 60 * minute
    private static let day = 24 * hour

    @Test("Never, so often, and as the watcher leaves open")
    func intervals() {
        let last = 1000 * Self.day + 7
        #expect(ScanSchedule.off.next(after: last, isWatched: false, minuteOffset: 0) == nil)
        #expect(
            ScanSchedule.every(minutes: 90).next(after: last, isWatched: true, minuteOffset: 0) == last + 90
                * Self.minute)
        #expect(ScanSchedule.automatic.next(after: last, isWatched: true, minuteOffset: 0) == last + Self.day)
        #expect(ScanSchedule.automatic.next(after: last, isWatched: false, minuteOffset: 0) == last + 15 * Self.minute)
    }

    @Test(
        "A minute of the day is the next one by the clock on the wall",
        arguments: [
            // (last, minutes ahead of UTC, expected), in hours after midnight UTC; daily at 03:00.
            (0, 0, 3), (2, 0, 3), (3, 0, 27), (4, 0, 27), (0, 120, 1), (1, 120, 25), (0, -300, 8), (9, -300, 32),
            (0, 840, 13),
        ] as [(Int64, Int, Int64)])
    func daily(_ example: (last: Int64, offset: Int, next: Int64)) {
        let midnight = 20_000 * Self.day
        let next = ScanSchedule.daily(minute: 180).next(
            after: midnight + example.last * Self.hour, isWatched: true, minuteOffset: example.offset)
        #expect(next == midnight + example.next * Self.hour)
    }
}
