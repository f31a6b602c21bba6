import Domain

/// What `sillon doctor` found: lines with a verdict each.
struct DoctorReport: Sendable, Encodable {
    enum Verdict: String, Sendable, Encodable {
        case fine, warning, problem
    }

    struct Check: Sendable, Encodable {
        let name: String
        let verdict: Verdict
        let detail: String
    }

    struct Choice: Sendable, Encodable {
        let name: String
        let value: String
        let reason: String
    }

    let version: String
    let device: DeviceFindings
    let choices: [Choice]
    let checks: [Check]

    var hasProblem: Bool { checks.contains { $0.verdict == .problem } }

    func lines() -> [String] {
        let profile = device.profile
        var lines = [
            "Sillon \(version)",
            "",
            "Device",
            "  model   \(profile.model)",
            "  cores   \(profile.cores) (\(device.coresReason))",
            "  memory  \(Readable.bytes(profile.memoryBytes)) (\(device.memoryReason))",
            "",
            "What follows from it",
        ]
        let width = (choices.map(\.name.count) + checks.map(\.name.count)).max() ?? 0
        for choice in choices {
            lines.append("  \(padded(choice.name, width))  \(choice.value) (\(choice.reason))")
        }
        lines += ["", "Checks"]
        for check in checks {
            let mark = check.verdict == .fine ? "  " : (check.verdict == .warning ? "! " : "✗ ")
            lines.append("\(mark)\(padded(check.name, width))  \(check.detail)")
        }
        return lines
    }

    private func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }
}
