import ArgumentParser
import Contracts
import Domain
import Foundation

struct ScanCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "scan",
        abstract: "Scan a folder: find what is new or changed, read its tags, listen to it.",
        discussion: """
            The folder must be one that the server sees under the same name. A folder \
            outside of all library roots becomes one, if the token is an administrator's.

            Without --wait the scan goes on in the server. With --wait, Ctrl-C stops the \
            waiting (exit code 130), not the scan: sillon tasks cancel --scan ID does that. \
            A finished scan ends with 0 even when files failed or were refused before: they \
            are counted and named. A scan that was cancelled or failed as a whole ends with 1.

            Examples:
              sillon scan ~/Music --wait
              sillon scan ~/Music/New --priority high --until index
              sillon scan ~/Music --full
              sillon scan ~/Music --wait --json | tail -n 1
              sillon scan ~/Music --accept-missing
            """)

    @Argument(help: "The folder.")
    var folder: String

    @Flag(help: "Show the progress, and end when the scan ends.")
    var wait = false

    @Flag(help: "Read everything again, not only what changed; redo analyses of an older version.")
    var full = false

    @Flag(help: "Mark files missing that are gone, even if they are more than 30 % of the library root.")
    var acceptMissing = false

    @Option(help: "Which of the waiting tasks come first; tasks of the same priority go by age.")
    var priority = PriorityName.normal

    @Option(help: "The last thing to do with each file: index, analysis or vector.")
    var until: Scan.Stage = .vector

    @OptionGroup var options: ClientOptions

    func run() async throws {
        let path = try PathArgument.scope(folder)
        let client = try options.client()
        let answer = try await client.post(
            "/v1/scans",
            body: JSONBody([
                "path": .string(path.encoded), "mode": .string(full ? "full" : "quick"),
                "priority": .string(priority.rawValue), "until": .string(until.rawValue),
                "accept_missing": .bool(acceptMissing),
            ]))
        let started = try answer.decode(StartedScanView.self)
        guard wait else {
            if options.json { return try answer.print() }
            return try Console.line(
                "Scan \(started.scanID) of \(path.display) is queued. Follow it with: sillon status")
        }
        try await follow(started.scanID, client)
    }

    private func follow(_ id: String, _ client: APIClient) async throws {
        let style: ScanDisplay.Style = options.json ? .json : (Console.canRedraw(.ofProcess()) ? .live : .plain)
        let display = ScanDisplay(style: style, until: until)
        let interrupt = InterruptNote(
            "the scan goes on in the server; see: sillon status; stop it with: sillon tasks cancel --scan \(id)")
        defer { interrupt.end() }
        let last = try await ScanFollower(client: client, id: id).follow { try await display.show($0) }
        if !options.json {
            let lines = ScanProgressText.summary(last, seconds: await display.elapsedSeconds)
            try Console.line(lines.joined(separator: "\n"))
            if last.progress.failed > 0 { try await showFailures(of: last, client) }
        }
        guard last.state == "finished" else { throw ExitCode(ExitStatus.failed.rawValue) }
    }

    /// Failures of a scan that are shown; the rest is in `sillon tasks list`.
    private static let maxFailuresShown = 10

    private func showFailures(of scan: ScanView, _ client: APIClient) async throws {
        let answer = try await client.get(
            "/v1/tasks",
            [("state", "dead"), ("scan_id", scan.id), ("limit", "\(Self.maxFailuresShown)")])
        let tasks = try answer.decode(PageView<TaskView>.self).items
        guard !tasks.isEmpty else { return }
        try Console.line("Failed:")
        for task in tasks { try Console.line("  " + task.failureLine) }
        try Console.line("More: sillon tasks list --state dead")
    }
}

/// Priorities as people type them.
enum PriorityName: String, CaseIterable, ExpressibleByArgument {
    case low, normal, high
}

extension Scan.Stage: ExpressibleByArgument {}
