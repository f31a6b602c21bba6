import Domain
import Testing

@Suite struct HistoryRangeTests {
    /// 2026-01-01T00:00:00Z, a Thursday.
    private static let newYear: Int64 = 1_767_225_600_000_000
    private static let day: Int64 = 86_400_000_000

    @Test("Periods begin on the hour, at midnight, and on Mondays")
    func starts() throws {
        let (from, to) = (Self.newYear + 1, Self.newYear + 7 * Self.day)
        let hours = try #require(HistoryRange(.hour, from: from, to: from + 2 * HistoryRange.hourUs))
        #expect(hours.starts == [490_896, 490_897, 490_898])
        let days = try #require(HistoryRange(.day, from: from, to: to))
        #expect(days.starts.count == 7 && days.starts.first == 490_896 && days.hours.count == 168)
        let weeks = try #require(HistoryRange(.week, from: from, to: to))
        // Monday, 29 December, and Monday, 5 January.
        #expect(weeks.starts == [490_896 - 72, 490_896 + 96])
    }

    @Test("Before the epoch it is no different")
    func early() throws {
        #expect(HistoryRange.hour(of: -1) == -1)
        let days = try #require(HistoryRange(.day, from: -1, to: 1))
        #expect(days.starts == [-24, 0])
    }

    @Test("What is no time, and more periods than anybody looks at, are refused")
    func refused() {
        #expect(HistoryRange(.hour, from: 5, to: 5) == nil && HistoryRange(.hour, from: 5, to: 4) == nil)
        #expect(HistoryRange(.hour, from: 0, to: 400 * HistoryRange.hourUs)?.starts.count == 400)
        #expect(HistoryRange(.hour, from: 0, to: 400 * HistoryRange.hourUs + 1) == nil)
        #expect(HistoryRange(.week, from: .min / 2, to: .max / 2) == nil)
    }
}
