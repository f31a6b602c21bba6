import Foundation

/// What came of a run.
package struct ChaosReport: Codable, Sendable {
    package struct Phase: Codable, Sendable {
        package var fault: Fault
        package var seconds: Double
        package var deed: String
        /// From the end of the fault until every orchestrator had accepted a task that was then done.
        package var recoverySeconds: Double?
        package var problems: [String]
    }

    package var engine: EngineName
    package var seed: UInt64
    package var workers: WorkerProgram
    package var phases: [Phase] = []
    /// Distinct ids that a client was promised, and the requests that this took.
    package var acknowledged = 0
    package var requests = 0
    package var lost: [String] = []
    package var doubled: [String] = []
    package var stuck: [String] = []
    /// Everything else that must not be: illegal transitions, a wrong ledger, another catalogue, crashes.
    package var other: [String] = []
    /// Attempts beyond the first, for each thousand tasks.
    package var extraRunsPerThousand = 0.0
    package var staleResults = 0
    /// Processes that ended by themselves, and were started again.
    package var restarts: [String] = []
    package var restSeconds = 0.0

    package var violations: [String] {
        lost + doubled + stuck + other
            + phases.flatMap { phase in phase.problems.map { "\(phase.fault.rawValue): \($0)" } }
    }

    /// For people; the last line is the verdict.
    package var text: String {
        var lines = phases.map { phase in
            "\(phase.fault.rawValue): \(phase.deed); "
                + (phase.recoverySeconds.map { "recovered in \(Self.text($0)) s" } ?? "did not recover")
        }
        lines.append("\(acknowledged) tasks acknowledged in \(requests) requests, \(staleResults) late results refused")
        lines.append(
            "\(Self.text(extraRunsPerThousand)) extra runs per 1,000 tasks, at rest after \(Self.text(restSeconds)) s")
        lines += restarts.prefix(5).map { "started again: \($0)" }
        lines += violations.prefix(Self.shownViolations).map { "VIOLATION \($0)" }
        lines.append(
            "engine \(engine.rawValue) seed \(seed): lost \(lost.count), doubled \(doubled.count), stuck \(stuck.count), "
                + "other \(violations.count - lost.count - doubled.count - stuck.count)")
        return lines.joined(separator: "\n")
    }

    package var json: String {
        get throws {
            let encoder = JSONEncoder()
            encoder.keyEncodingStrategy = .convertToSnakeCase
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
            return String(decoding: try encoder.encode(self), as: UTF8.self)
        }
    }

    private static let shownViolations = 20

    static func text(_ number: Double) -> String { String(format: "%.1f", number) }
}

extension Duration {
    var asSeconds: Double { self / .seconds(1) }
}
