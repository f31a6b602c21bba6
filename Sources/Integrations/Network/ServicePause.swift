import Foundation

/// How long a service asks to be left alone.
enum ServicePause {
    /// `Retry-After` as seconds or as an HTTP date (RFC 9110, 10.2.3), else ListenBrainz's `X-RateLimit-Reset-In`. A date is
    /// measured against the answer's own `Date`, since the clocks may differ.
    static func seconds(_ headers: [String: String], now: Date = Date()) -> Double? {
        guard let asked = headers["retry-after"]?.trimmingCharacters(in: .whitespaces) else {
            return headers["x-ratelimit-reset-in"].flatMap(Double.init)
        }
        if let seconds = Double(asked) { return seconds }
        guard let until = date(asked) else { return nil }
        return max(0, until.timeIntervalSince(headers["date"].flatMap(date) ?? now))
    }

    /// Of the three forms that there are, the only one that is still written.
    static func date(_ text: String) -> Date? {
        let formatter = DateFormatter()
        formatter.locale = Locale(identifier: "en_US_POSIX")
        formatter.timeZone = TimeZone(secondsFromGMT: 0)
        formatter.dateFormat = "EEE, dd MMM yyyy HH:mm:ss 'GMT'"
        return formatter.date(from: text)
    }
}
