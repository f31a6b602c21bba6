/// Numbers of music as people read them.
extension Amount {
    /// `4:05`, `1:02:03`; a dash where nobody knows.
    static func length(milliseconds: Int?) -> String {
        guard let milliseconds, milliseconds >= 0 else { return "–" }
        let seconds = milliseconds / 1000
        let (minutes, rest) = (seconds / 60, twoDigits(seconds % 60))
        return minutes < 60 ? "\(minutes):\(rest)" : "\(minutes / 60):\(twoDigits(minutes % 60)):\(rest)"
    }

    /// `12 min`, `1 h 3 min`: of a whole album.
    static func playingTime(milliseconds: Int) -> String { duration(seconds: Double(milliseconds) / 1000) }

    /// To a tenth, without a point where there is none to tell: `120.5`, `128`, `−9.3`.
    static func tenths(_ value: Double) -> String {
        let rounded = (value * 10).rounded() / 10
        guard rounded.isFinite, rounded.magnitude < 1e12 else { return "–" }
        let text = Int(exactly: rounded).map(String.init) ?? "\(rounded.magnitude)"
        return Int(exactly: rounded) == nil && rounded < 0 ? "−\(text)" : text.replacing("-", with: "−")
    }

    /// `82 %`
    /// - Parameter share: 0…1; what lies outside is cut off.
    static func percent(_ share: Double) -> String {
        share.isFinite ? "\(Int((min(max(share, 0), 1) * 100).rounded())) %" : "–"
    }

    /// `1 track`, `12 tracks`
    static func count(_ number: Int, _ noun: String) -> String {
        "\(count(number)) \(noun)\(number == 1 ? "" : "s")"
    }

    private static func twoDigits(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
