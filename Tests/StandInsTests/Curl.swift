import Foundation
import Programs

/// A client that is not ours, and says what it saw.
enum Curl {
    struct Answer {
        /// curl's own; 0 when all went well.
        let exit: Int
        let status: Int
        let headers: String
        let body: String
    }

    /// Seconds that it waits, and bytes that it takes in a second.
    private static let patience = "30"
    private static let rate = "1M"

    static func get(_ url: String, _ options: String...) async throws -> Answer {
        var program = Program(
            "curl",
            ["-s", "-i", "-m", patience, "--limit-rate", rate, "-w", "\\n%{http_code}"] + options + [url])
        program.isOutputHeard = true
        let end = try await program.finish()
        let text = end.words.replacing("\r\n", with: "\n")
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        let parts = lines.dropLast().joined(separator: "\n").split(
            separator: "\n\n", maxSplits: 1, omittingEmptySubsequences: false)
        return Answer(
            exit: Int(end.status), status: Int(lines.last ?? "") ?? 0, headers: String(parts.first ?? ""),
            body: parts.count > 1 ? String(parts[1]) : "")
    }
}
