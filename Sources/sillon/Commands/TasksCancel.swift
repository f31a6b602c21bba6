import ArgumentParser
import Domain
import Foundation

struct TasksCancel: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cancel",
        abstract: "Cancel a task that has not ended, dismiss a dead one, or cancel a whole scan.",
        discussion: """
            Examples:
              sillon tasks cancel 4711
              sillon tasks cancel --all --state dead
              sillon tasks cancel --scan 0b7e3f52-5d5c-4e53-9d5a-0a3f1c1f7f11
            """)

    @OptionGroup var choice: TaskChoice

    @OptionGroup var options: ClientOptions

    func validate() throws {
        let filter = choice.filter
        let isNarrowed = filter.state != nil || filter.kind != nil || filter.role != nil
        switch (choice.id, choice.all, filter.scan) {
        case (_?, false, nil) where !isNarrowed: break
        case (nil, true, _):
            guard filter.state != nil else { throw ValidationError("--all needs --state: which tasks are meant?") }
        case (nil, false, let scan?) where !isNarrowed:
            guard UUID(uuidString: scan) != nil else {
                throw ValidationError("--scan is the id of a scan, a UUID")
            }
        default: throw ValidationError("Give the id of a task, or --scan, or --all with --state.")
        }
    }

    func run() async throws {
        let client = try options.client()
        if choice.all {
            let answer = try await client.post("/v1/tasks/cancel", body: choice.filter.body)
            if options.json { return try answer.print() }
            let count = try answer.decode(CancelledView.self).cancelled
            return try Console.line(count == 1 ? "1 task was cancelled." : "\(count) tasks were cancelled.")
        }
        if let scan = choice.filter.scan {
            let answer = try await client.delete("/v1/scans/\(scan)")
            if options.json { return try answer.print() }
            return try Console.line("Scan \(scan) is \(try answer.decode(ScanView.self).state).")
        }
        guard let id = choice.id else { return }
        let answer = try await client.post("/v1/tasks/\(id)/cancel")
        if options.json { return try answer.print() }
        let state = try answer.decode(TaskView.self).state
        try Console.line(state == "running" ? "Task \(id) was asked to stop." : "Task \(id) is \(state).")
    }
}
