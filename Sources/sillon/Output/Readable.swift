import Foundation
import Telemetry

/// Numbers as people read them.
enum Readable {
    /// `12,345`
    static func count(_ number: Int) -> String {
        let digits = Array(String(number.magnitude))
        var text = ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index).isMultiple(of: 3) { text.append(",") }
            text.append(digit)
        }
        return number < 0 ? "-" + text : text
    }

    /// `850 ms`, `12.3 s`, `4 min 05 s`, `3 h 07 min`, `2 d 4 h`.
    static func duration(seconds: Double) -> String {
        guard seconds.isFinite, seconds >= 0 else { return "–" }
        if seconds < 1 { return "\(Int(seconds * 1000)) ms" }
        if seconds < 60 { return decimal(seconds, 1) + " s" }
        let whole = Int(min(seconds.rounded(), 1e12))
        if whole < 3600 { return "\(whole / 60) min \(twoDigits(whole % 60)) s" }
        if whole < 48 * 3600 { return "\(whole / 3600) h \(twoDigits(whole / 60 % 60)) min" }
        return "\(whole / 86_400) d \(whole / 3600 % 24) h"
    }

    /// `3:07`, `1:02:03`: the length of a piece of music.
    static func length(milliseconds: Int) -> String {
        let seconds = max(0, milliseconds) / 1000
        let tail = "\(twoDigits(seconds % 60))"
        guard seconds >= 3600 else { return "\(seconds / 60):\(tail)" }
        return "\(seconds / 3600):\(twoDigits(seconds / 60 % 60)):\(tail)"
    }

    /// `850 B`, `12.3 MiB`
    static func bytes(_ number: Int64) -> String {
        var value = Double(number)
        for unit in ["B", "KiB", "MiB", "GiB"] {
            if abs(value) < 1024 { return unit == "B" ? "\(number) B" : decimal(value, 1) + " " + unit }
            value /= 1024
        }
        return decimal(value, 1) + " TiB"
    }

    /// RFC 3339 in UTC.
    static func timestamp(_ microseconds: Int64) -> String {
        RFC3339.text(microseconds: microseconds)
    }

    /// `2026-03-01 12:00` in UTC.
    static func time(_ microseconds: Int64) -> String {
        minute(timestamp(microseconds))
    }

    /// As `time`, of a time in RFC 3339 as servers write it.
    static func minute(_ timestamp: String) -> String {
        String(timestamp.prefix(16)).replacing("T", with: " ")
    }

    /// A fixed number of decimals, with a point whatever the locale.
    static func decimal(_ value: Double, _ places: Int) -> String {
        guard value.isFinite else { return "–" }
        return String(format: "%.\(places)f", value)
    }

    private static func twoDigits(_ number: Int) -> String {
        number < 10 ? "0\(number)" : "\(number)"
    }
}
