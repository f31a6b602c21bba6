import API
import ArgumentParser
import Contracts
import Domain
import Foundation

struct RootsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "roots",
        abstract: "Library roots: list, add and remove them, and say how each is kept up to date.",
        discussion: """
            A folder that is watched is scanned where something changed, as it changes. \
            What no watcher sees, the scans of its schedule find: auto (seldom while every \
            change is seen, often while not), off, every 15m (m, h or d), daily 03:30 (by the \
            server's clock on the wall).

            Examples:
              sillon roots list
              sillon roots add ~/Music
              sillon roots set ~/Music --schedule "every 6h"
              sillon roots set 2 --no-watch
              sillon roots remove 2
            """,
        subcommands: [RootsList.self, RootsAdd.self, RootsSet.self, RootsRemove.self],
        defaultSubcommand: RootsList.self)
}

struct RootsList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the library roots: what is in them, watched or not, scanned when.",
        discussion: """
            Times are in UTC.

            Examples:
              sillon roots list
              sillon roots list --json
            """)

    @OptionGroup var options: ClientOptions

    func run() async throws {
        let answer = try await options.client().get("/v1/roots")
        if options.json { return try answer.print() }
        let roots = try answer.decode(PageView<RootView>.self).items
        guard !roots.isEmpty else { return Console.note("there are no library roots; add one with: sillon roots add") }
        try Console.table(RootView.table(roots))
    }
}

/// What may be said of a root's upkeep; nil leaves it as it is.
struct UpkeepOptions: ParsableArguments {
    @Flag(inversion: .prefixedNo, help: "Look for changes as they happen.")
    var watch: Bool?

    @Option(
        help: ArgumentHelp(
            "When the whole folder is scanned by itself: auto, off, \"every 6h\", \"daily 03:30\".", valueName: "text"),
        transform: { text in
            guard let schedule = ScanSchedule(text) else {
                throw ValidationError("a schedule is \(ScanSchedule.syntax)")
            }
            return schedule
        })
    var schedule: ScanSchedule?

    var members: [String: JSONValue?] {
        ["watch": watch.map { .bool($0) }, "schedule": schedule.map { .string($0.description) }]
    }
}

struct RootsAdd: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add", abstract: "Make a folder a library root.",
        discussion: """
            The folder must be one that the server sees under the same name. Of one that is a \
            library root already, what is said here is changed.

            Examples:
              sillon roots add ~/Music
              sillon roots add /mnt/nas/music --schedule "every 30m"
            """)

    @Argument(help: "The folder.", completion: .directory)
    var folder: String

    @OptionGroup var upkeep: UpkeepOptions
    @OptionGroup var options: ClientOptions

    func run() async throws {
        let path = try PathArgument.scope(folder)
        let body = JSONBody(upkeep.members.merging(["path": .string(path.encoded)]) { $1 })
        let answer = try await options.client().post("/v1/roots", body: body)
        if options.json { return try answer.print() }
        let root = try answer.decode(RootView.self)
        try Console.line(TextTable.safe(root.sentence))
        if root.lastScan == nil { Console.note("scan it now with: sillon scan \(root.shownPath)") }
    }
}

struct RootsSet: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "set", abstract: "Change whether a library root is watched, and when it is scanned by itself.",
        discussion: """
            Examples:
              sillon roots set ~/Music --schedule "daily 03:30"
              sillon roots set 2 --no-watch --schedule "every 15m"
              sillon roots set 2 --watch --schedule auto
            """)

    @Argument(help: "The library root: its path or its id.", completion: .directory)
    var root: String

    @OptionGroup var upkeep: UpkeepOptions
    @OptionGroup var options: ClientOptions

    func validate() throws {
        guard upkeep.watch != nil || upkeep.schedule != nil else {
            throw ValidationError("What is to change? Give --watch, --no-watch or --schedule.")
        }
    }

    func run() async throws {
        let client = try options.client()
        let found = try await RootFinder(client: client).find(root)
        let answer = try await client.patch("/v1/roots/\(found.id)", body: JSONBody(upkeep.members))
        if options.json { return try answer.print() }
        try Console.line(TextTable.safe(try answer.decode(RootView.self).sentence))
    }
}

struct RootsRemove: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove", abstract: "Let a folder be no library root any more. No file is touched.",
        discussion: """
            Its tracks stay in the library as missing, with their plays, stars and ratings, \
            and are back when the folder is added and scanned again. It is asked for once \
            more, unless --yes is given.

            Examples:
              sillon roots remove ~/Music
              sillon roots remove 2 --yes
            """)

    @Argument(help: "The library root: its path or its id.", completion: .directory)
    var root: String

    @Flag(help: "Do not ask.")
    var yes = false

    @OptionGroup var options: ClientOptions

    func run() async throws {
        let client = try options.client()
        let found = try await RootFinder(client: client).find(root)
        if !yes { try ask(found) }
        _ = try await client.delete("/v1/roots/\(found.id)")
        Console.note("\(found.shownPath) is no library root any more; its tracks are missing until it is one again")
    }

    private func ask(_ root: RootView) throws {
        guard isatty(STDIN_FILENO) == 1 else {
            throw CommandError.usage("there is no terminal to ask at; say --yes to remove \(root.shownPath)")
        }
        for sentence in RootRemoval.sentences(root.filePath ?? FilePath(root.path), tracks: root.tracks) {
            Console.note(sentence)
        }
        Console.note("remove it? Type yes to do so.")
        guard Self.isYes(readLine()) else { throw CommandError.failed("nothing was removed") }
    }

    static func isYes(_ answer: String?) -> Bool { ["y", "yes"].contains(answer?.lowercased()) }
}
