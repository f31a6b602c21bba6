import Foundation

/// Times and durations as .NET writes them.
enum SlskdText {
    /// `2026-01-01T00:00:00.0000000Z`.
    /// - Parameter isMarked: some dates come without the Z that says UTC.
    static func date(_ seconds: Double, isMarked: Bool = true) -> JSON {
        let whole = seconds.rounded(.down)
        let text = Date(timeIntervalSince1970: whole).formatted(.iso8601).dropLast()
        return .string("\(text).\(fraction(seconds - whole))\(isMarked ? "Z" : "")")
    }

    /// `00:00:01.2500000`.
    static func duration(_ seconds: Double) -> JSON {
        let whole = Int(seconds)
        let parts = [whole / 3600, whole / 60 % 60, whole % 60].map { $0 < 10 ? "0\($0)" : "\($0)" }
        return .string("\(parts.joined(separator: ":")).\(fraction(seconds - Double(whole)))")
    }

    private static func fraction(_ part: Double) -> String {
        let digits = "\(Int(min(max(part, 0), 0.9999999) * 10_000_000))"
        return String(repeating: "0", count: 7 - digits.count) + digits
    }

    /// The last folder of a remote name: where a finished file goes.
    static func lastFolder(of remoteName: String) -> String {
        remoteName.split(separator: "\\").dropLast().last.map(String.init) ?? ""
    }

    /// All but the last part.
    static func directory(of remoteName: String) -> String {
        remoteName.split(separator: "\\", omittingEmptySubsequences: false).dropLast().joined(separator: "\\")
    }

    static func fileName(of remoteName: String) -> String {
        remoteName.split(separator: "\\").last.map(String.init) ?? remoteName
    }
}
