/// Numbers as people read them on pages.
enum Amount {
    /// `12,345`
    static func count(_ number: Int) -> String {
        let digits = Array(String(number.magnitude))
        let text = digits.enumerated().reduce(into: "") { text, digit in
            if digit.offset > 0, (digits.count - digit.offset).isMultiple(of: 3) { text.append(",") }
            text.append(digit.element)
        }
        return number < 0 ? "-\(text)" : text
    }

    /// `0`, `0.4`, `3.2`, `12,345`: with a decimal where it tells something.
    static func rate(_ number: Double) -> String {
        guard number.isFinite, number > 0 else { return "0" }
        return number < 9.95 ? "\(max(0.1, (number * 10).rounded() / 10))" : count(Int(min(number.rounded(), 1e12)))
    }

    /// `512 kB`, `38 MB`, `1.2 GB`: powers of ten, as disks are sold.
    static func bytes(_ count: Int64) -> String {
        let size = Double(max(0, count))
        switch size {
        case ..<1e6: return "\(Int((size / 1e3).rounded(.up))) kB"
        case ..<1e9: return "\(Int((size / 1e6).rounded())) MB"
        default: return "\((size / 1e8).rounded() / 10) GB"
        }
    }

    /// `12 ms`, `45 s`, `4 min`, `3 h 7 min`, `2 d 4 h`
    static func duration(seconds: Double) -> String {
        guard seconds.isFinite, seconds >= 0 else { return "–" }
        if seconds < 1 { return "\(Int((seconds * 1000).rounded(.down))) ms" }
        let whole = Int(min(seconds, 1e12))
        switch whole {
        case ..<60: return "\(whole) s"
        case ..<3600: return "\(whole / 60) min"
        case ..<172_800: return "\(whole / 3600) h \(whole / 60 % 60) min"
        default: return "\(whole / 86_400) d \(whole / 3600 % 24) h"
        }
    }

    /// Between two times in microseconds.
    static func duration(from start: Int64, to end: Int64) -> String {
        duration(seconds: max(0, (Double(end) - Double(start)) / 1_000_000))
    }
}

extension String {
    /// With a capital letter to begin with.
    var titled: String { prefix(1).uppercased() + dropFirst() }
}
