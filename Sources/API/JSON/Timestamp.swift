import Telemetry

/// RFC 3339 for microseconds since the epoch. Years 0 to 9999; the calendar is the proleptic Gregorian one.
enum Timestamp {
    /// UTC with milliseconds: `2026-11-21T02:45:05.123Z`. Times outside the years 0 to 9999 are clamped.
    static func text(_ microseconds: Int64) -> String {
        RFC3339.text(microseconds: min(max(microseconds, earliest), latest)).dropLast("000Z".count) + "Z"
    }

    /// What `microseconds` reads, as a regular expression for schemas; it lets through days that no month has.
    static let pattern =
        "^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])[Tt]([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]"
        + #"(\.[0-9]{1,18})?([Zz]|[+-]([01][0-9]|2[0-3]):[0-5][0-9])$"#

    /// Reads RFC 3339 with any offset and any number of fractional digits; nil for anything else. A leap second
    /// counts as the second after it.
    static func microseconds(_ text: String) -> Int64? {
        var rest = Substring(text).utf8[...]
        guard let year = number(&rest, 4), eat(&rest, "-"), let month = number(&rest, 2), eat(&rest, "-"),
            let day = number(&rest, 2), eat(&rest, "T") || eat(&rest, "t"),
            let hour = number(&rest, 2), eat(&rest, ":"), let minute = number(&rest, 2), eat(&rest, ":"),
            let second = number(&rest, 2), let fraction = fraction(&rest), let offset = offset(&rest), rest.isEmpty
        else { return nil }
        guard (1...12).contains(month), (1...daysIn(month, of: year)).contains(day), hour < 24,
            minute < 60, second <= 60
        else { return nil }
        let seconds = days(year, month, day) * 86400 + hour * 3600 + minute * 60 + second - offset
        return seconds * 1_000_000 + fraction
    }

    /// 0000-01-01T00:00:00Z and the last millisecond of 9999.
    private static let earliest = days(0, 1, 1) * 86_400_000_000
    private static let latest = days(10000, 1, 1) * 86_400_000_000 - 1000
    private static let maxFractionDigits = 18

    private static func number(_ text: inout Substring.UTF8View, _ digits: Int) -> Int64? {
        let part = text.prefix(digits)
        guard part.count == digits, part.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        text = text.dropFirst(digits)
        return part.reduce(0) { $0 * 10 + Int64($1 - 0x30) }
    }

    private static func eat(_ text: inout Substring.UTF8View, _ scalar: Unicode.Scalar) -> Bool {
        guard text.first == UInt8(ascii: scalar) else { return false }
        text = text.dropFirst()
        return true
    }

    /// Microseconds; zero when there is no fraction.
    private static func fraction(_ text: inout Substring.UTF8View) -> Int64? {
        guard eat(&text, ".") else { return 0 }
        let digits = text.prefix { (0x30...0x39).contains($0) }
        guard (1...maxFractionDigits).contains(digits.count) else { return nil }
        text = text.dropFirst(digits.count)
        let six = Array(digits.prefix(6)) + Array(repeating: 0x30, count: max(0, 6 - digits.count))
        return six.reduce(0) { $0 * 10 + Int64($1 - 0x30) }
    }

    /// Seconds east of UTC.
    private static func offset(_ text: inout Substring.UTF8View) -> Int64? {
        if eat(&text, "Z") || eat(&text, "z") { return 0 }
        let sign: Int64 = text.first == UInt8(ascii: "-") ? -1 : 1
        guard eat(&text, "+") || eat(&text, "-"), let hours = number(&text, 2), eat(&text, ":"),
            let minutes = number(&text, 2), hours < 24, minutes < 60
        else { return nil }
        return sign * (hours * 3600 + minutes * 60)
    }

    private static func daysIn(_ month: Int64, of year: Int64) -> Int64 {
        days(month == 12 ? year + 1 : year, month == 12 ? 1 : month + 1, 1) - days(year, month, 1)
    }

    /// Days since 1970-01-01. A year is taken to start in March, so that the leap day is its last.
    private static func days(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
        let marchYear = month <= 2 ? year - 1 : year
        let (era, yearOfEra) = floorDivide(marchYear, by: 400)
        let dayOfYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    private static func floorDivide(_ value: Int64, by divisor: Int64) -> (quotient: Int64, remainder: Int64) {
        let remainder = value % divisor
        return remainder < 0
            ? (value / divisor - 1, remainder + divisor) : (value / divisor, remainder)
    }
}
