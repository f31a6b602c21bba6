import Contracts
import Telemetry

/// One task with its history, for reading.
enum TaskText {
    static func lines(_ task: TaskView) -> [String] {
        var lines = [
            "Task \(task.id): \(task.task) v\(task.version ?? 1), \(task.state), priority \(task.priority ?? "?")"
        ]
        let facts: [(String, String?)] = [
            ("about", task.subject), ("scan", task.scanID), ("parent task", task.parentID.map(String.init)),
            ("created", task.createdAt), ("not before", task.runAt), ("finished", task.finishedAt),
            ("last failure", task.lastFailure?.text), ("quarantined", task.quarantined == true ? "yes" : nil),
            ("payload", task.payload.map { ContractJSON.encode($0) }),
        ]
        for case (let name, let value?) in facts { lines.append("  \(padded(name, 14))\(value)") }
        for reason in task.waitingFor ?? [] {
            let until = reason.until.map { ": \($0)" } ?? ""
            lines.append("  \(padded("waiting", 14))\(reason.detail)\(until)")
        }
        if let runs = task.runs, !runs.isEmpty {
            lines.append("Attempts:")
            for run in runs {
                var line = "  \(run.run). \(run.end)"
                if let time = run.finishedAt { line += " at \(time)" }
                if let worker = run.workerID { line += " by worker \(worker)" }
                if let bytes = run.memoryBytes { line += ", \(bytes / 1_000_000) MB" }
                if let failure = run.failure { line += ": \(failure.text)" }
                lines.append(line)
            }
        }
        if let events = task.events, !events.isEmpty {
            lines.append("Events:")
            for event in events {
                lines.append("  \(event.at) \(event.type) by \(event.actor ?? "?"): \(event.detail ?? "")")
            }
        }
        return lines.map(ControlCharacters.escaped)
    }

    private static func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(1, width - text.count))
    }
}
