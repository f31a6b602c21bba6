import ArgumentParser
import Contracts
import Domain
import Foundation

struct TasksCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tasks",
        abstract: "Look at tasks, try dead ones again or dismiss them, cancel waiting ones, delete old ones.",
        discussion: """
            Examples:
              sillon tasks list --state dead
              sillon tasks show 4711
              sillon tasks retry 4711
              sillon tasks retry --all --state dead --kind analyze_audio
              sillon tasks cancel 4711
              sillon tasks cancel --all --state dead --kind index_file
              sillon tasks stuck
              sillon tasks prune --older-than 14d
              sillon tasks cancel --scan 0b7e3f52-5d5c-4e53-9d5a-0a3f1c1f7f11
            """,
        subcommands: [
            TasksList.self, TasksShow.self, TasksRetry.self, TasksCancel.self, TasksStuck.self, TasksPrune.self,
        ])
}

/// What narrows a list of tasks.
struct TaskFilterOptions: ParsableArguments {
    @Option(help: "Only tasks in this state.")
    var state: TaskState?

    @Option(help: "Only tasks that do this.")
    var kind: TaskKind?

    @Option(help: "Only tasks that these workers run.")
    var role: Role?

    @Option(help: ArgumentHelp("Only tasks of this scan.", valueName: "id"))
    var scan: String?

    var pairs: [(String, String?)] {
        [("state", state?.rawValue), ("kind", kind?.rawValue), ("role", role?.rawValue), ("scan_id", scan)]
    }

    /// For an act on all that match.
    var body: JSONBody {
        let members = pairs.compactMap { name, value in value.map { (name, JSONValue.string($0)) } }
        return JSONBody(["filter": .object(Dictionary(uniqueKeysWithValues: members))])
    }
}

/// One task, or all that match.
struct TaskChoice: ParsableArguments {
    @Argument(help: "The task's id.")
    var id: Int64?

    @Flag(help: "All tasks that match --state, --kind, --role and --scan.")
    var all = false

    @OptionGroup var filter: TaskFilterOptions
}

extension TaskState: ExpressibleByArgument {}
extension TaskKind: ExpressibleByArgument {}
extension Role: ExpressibleByArgument {}

struct TasksList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List tasks, newest first.",
        discussion: """
            Examples:
              sillon tasks list --state dead
              sillon tasks list --kind analyze_audio --limit 500 --json
              sillon tasks list --scan 0b7e3f52-5d5c-4e53-9d5a-0a3f1c1f7f11
            """)

    @OptionGroup var filter: TaskFilterOptions

    @Option(help: ArgumentHelp("Tasks at most, 1 to 500.", valueName: "n"))
    var limit = 50

    @Option(help: ArgumentHelp("Where the list before this one ended (next_cursor).", valueName: "cursor"))
    var cursor: String?

    @OptionGroup var options: ClientOptions

    func validate() throws {
        guard (1...500).contains(limit) else { throw ValidationError("--limit is 1 to 500") }
    }

    func run() async throws {
        let answer = try await options.client().get(
            "/v1/tasks", filter.pairs + [("limit", "\(limit)"), ("cursor", cursor)])
        if options.json { return try answer.print() }
        let page = try answer.decode(PageView<TaskView>.self)
        guard !page.items.isEmpty else { return Console.note("there are no such tasks") }
        var table = TextTable([
            .init("ID", .right), .init("TASK"), .init("STATE"), .init("RUNS", .right), .init("CREATED"),
            .init("ABOUT", canShrink: true), .init("LAST FAILURE", canShrink: true),
        ])
        for task in page.items {
            table.add([
                "\(task.id)", task.task, task.state, "\(task.runCount ?? 0)",
                task.createdAt.map { String($0.prefix(19)).replacing("T", with: " ") }, task.subject,
                task.lastFailure?.text,
            ])
        }
        try Console.table(table)
        if let next = page.nextCursor { Console.note("there are more: add --cursor \(next)") }
    }
}

struct TasksShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show one task: its payload, every attempt, every event.",
        discussion: """
            Examples:
              sillon tasks show 4711
              sillon tasks show 4711 --json
            """)

    @Argument(help: "The task's id.")
    var id: Int64

    @OptionGroup var options: ClientOptions

    func run() async throws {
        let answer = try await options.client().get("/v1/tasks/\(id)")
        if options.json { return try answer.print() }
        let task = try answer.decode(TaskView.self)
        for line in TaskText.lines(task) { try Console.line(line) }
    }
}

struct TasksRetry: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "retry", abstract: "Put a dead task back into the queue, or all that match.",
        discussion: """
            Examples:
              sillon tasks retry 4711
              sillon tasks retry --all
              sillon tasks retry --all --kind analyze_audio
            """)

    @OptionGroup var choice: TaskChoice

    @OptionGroup var options: ClientOptions

    func validate() throws {
        guard (choice.id != nil) != choice.all else { throw ValidationError("Give the id of a task, or --all.") }
        guard choice.filter.state ?? .dead == .dead else {
            throw ValidationError("Only dead tasks can be tried again.")
        }
    }

    func run() async throws {
        let client = try options.client()
        if let id = choice.id {
            let answer = try await client.post("/v1/tasks/\(id)/retry")
            if options.json { return try answer.print() }
            return try Console.line("Task \(id) is \(answer.decode(TaskView.self).state) again.")
        }
        var filter = choice.filter
        filter.state = .dead
        let answer = try await client.post("/v1/tasks/retry", body: filter.body)
        if options.json { return try answer.print() }
        let count = try answer.decode(RetriedView.self).retried
        try Console.line(count == 1 ? "1 task is back in the queue." : "\(count) tasks are back in the queue.")
    }
}
