/// Dates as tags have them, with the precision they have.
enum TagDate {
    /// ISO 8601: `1997`, `1997-05` or `1997-05-21`. Nil without a year in 1000…9999: `97` may be any century.
    static func normalize(_ text: String) -> String? {
        let day = text.utf8.prefix { $0 != UInt8(ascii: "T") && $0 > 0x20 }
        if day.count == 8, let number = TagText.integer(day), number > 10_000_000 {
            return format(year: number / 10_000, month: number / 100 % 100, day: number % 100)
        }
        let separators = Array("-/.".utf8)
        let parts = day.split(maxSplits: 2, omittingEmptySubsequences: false, whereSeparator: separators.contains)
            .map(TagText.integer)
        guard let first = parts.first, let first else { return yearAtStart(text) }
        let second = parts.count > 1 ? parts[1] : nil
        let third = parts.count > 2 ? parts[2] : nil
        if let third, third > 31, first <= 31 { return dayFirst(first, second, year: third) }
        return format(year: first, month: second, day: third)
    }

    /// `21/05/1997` or `05/21/1997`; which is the month is clear only when the other cannot be it.
    private static func dayFirst(_ first: Int, _ second: Int?, year: Int) -> String? {
        guard let second else { return format(year: year, month: nil, day: nil) }
        if second > 12 { return format(year: year, month: first, day: second) }
        if first > 12 || first == second { return format(year: year, month: second, day: first) }
        return format(year: year, month: nil, day: nil)
    }

    private static func yearAtStart(_ text: String) -> String? {
        let digits = text.utf8.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        guard digits.count == 4, let year = TagText.integer(digits) else { return nil }
        return format(year: year, month: nil, day: nil)
    }

    private static func format(year: Int, month: Int?, day: Int?) -> String? {
        guard (1000...9999).contains(year) else { return nil }
        var text: [UInt8] = []
        text.reserveCapacity(10)
        append(year, digits: 4, to: &text)
        if let month, (1...12).contains(month) {
            text.append(UInt8(ascii: "-"))
            append(month, digits: 2, to: &text)
            if let day, (1...31).contains(day) {
                text.append(UInt8(ascii: "-"))
                append(day, digits: 2, to: &text)
            }
        }
        return String(decoding: text, as: UTF8.self)
    }

    private static func append(_ number: Int, digits: Int, to text: inout [UInt8]) {
        if digits > 1 { append(number / 10, digits: digits - 1, to: &text) }
        text.append(UInt8(ascii: "0") + UInt8(number % 10))
    }
}
