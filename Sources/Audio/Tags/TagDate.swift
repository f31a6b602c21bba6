/// Dates as tags have them, with the precision they have.
enum TagDate {
    /// ISO 8601: `1997`, `1997-05` or `1997-05-21`. Nil without a year in 1…9999.
    static func normalize(_ text: String) -> String? {
        let day = text.prefix { $0 != "T" && $0 != " " }
        if day.utf8.count == 8, let number = Int(day), number > 10_000_000 {
            return format(year: number / 10_000, month: number / 100 % 100, day: number % 100)
        }
        let parts = day.split(maxSplits: 2, omittingEmptySubsequences: false) { "-/.".contains($0) }.map { Int($0) }
        guard let first = parts.first, let first else { return yearAtStart(text) }
        let second = parts.count > 1 ? parts[1] : nil
        let third = parts.count > 2 ? parts[2] : nil
        if let third, third > 31, first <= 31 {
            // 21/05/1997; which of the others is the month is clear only when one cannot be it.
            guard let second else { return format(year: third, month: nil, day: nil) }
            if second > 12 { return format(year: third, month: first, day: second) }
            if first > 12 || first == second { return format(year: third, month: second, day: first) }
            return format(year: third, month: nil, day: nil)
        }
        return format(year: first, month: second, day: third)
    }

    private static func yearAtStart(_ text: String) -> String? {
        guard text.utf8.count >= 4, let year = Int(text.prefix(4)) else { return nil }
        return format(year: year, month: nil, day: nil)
    }

    private static func format(year: Int, month: Int?, day: Int?) -> String? {
        guard (1...9999).contains(year) else { return nil }
        var text = padded(year, 4)
        guard let month, (1...12).contains(month) else { return text }
        text += "-" + padded(month, 2)
        guard let day, (1...31).contains(day) else { return text }
        return text + "-" + padded(day, 2)
    }

    private static func padded(_ number: Int, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
    }
}
