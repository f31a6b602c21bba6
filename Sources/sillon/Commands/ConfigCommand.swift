import ArgumentParser
import Contracts

struct ConfigCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config",
        abstract: "What is set, by whom, and whether it makes sense.",
        discussion: """
            Settings come from a file, the environment and flags; the file is weakest, a flag
            is strongest. The file is the one that --config or SILLON_CONFIG names, else
            /etc/sillon/sillon.toml.

            Examples:
              sillon config check
              sillon config show --config /etc/sillon/sillon.toml
            """,
        subcommands: [ConfigCheck.self, ConfigShow.self, ConfigReference.self])
}

/// The flags of `sillon up`, so that its line can be tried.
struct ConfigOptions: ParsableArguments {
    @OptionGroup var options: ServerOptions

    @Option(help: SettingList.place.music.help("dir"))
    var music: [String] = []

    @Option(help: SettingList.work.roles.help("roles"))
    var roles: RoleList?

    func reader() throws -> SettingReader {
        try .ofProcess(options.flags(music: music, roles: roles), config: options.config)
    }
}

struct ConfigCheck: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Tell all that is wrong with file, environment and flags.",
        discussion: """
            Looks at folders, too, as sillon up does when it starts, and at those that a
            worker finds mapped. Starts and makes nothing, and opens no database. Prints ok,
            or a line for each problem, and ends with 78.

            Examples:
              sillon config check
              sillon config check --config new.toml
            """)

    @OptionGroup var options: ConfigOptions

    func run() async throws {
        let reader = try options.reader()
        let problems = SettingCheck.problems(reader) + SettingCheck.startProblems(reader)
        guard problems.isEmpty else {
            for problem in problems { Console.note(problem) }
            throw ExitCode(ExitStatus.misconfigured.rawValue)
        }
        try Console.line(reader.file.path.isEmpty ? "ok" : TextTable.safe("ok: \(reader.file.path)"))
    }
}

struct ConfigShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Print every setting, its value, and where that comes from.",
        discussion: """
            Secrets are hidden.

            Examples:
              sillon config show
              sillon config show --json
            """)

    @OptionGroup var options: ConfigOptions

    @Flag(help: "Print JSON, for scripts.")
    var json = false

    func run() async throws {
        let lines = try Settings.checked(options.reader()).lines
        if json { return try Console.line(ContractJSON.encode(lines)) }
        var table = TextTable([.init("SETTING"), .init("VALUE", canShrink: true), .init("FROM")])
        for line in lines { table.add([line.key, line.value, line.origin.place ?? line.origin.kind]) }
        try Console.table(table)
    }
}

struct ConfigReference: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reference", abstract: "Print docs/configuration.md: all that can be set.",
        discussion: """
            Examples:
              sillon config reference > docs/configuration.md
            """)

    func run() async throws {
        try Console.write(SettingReference.page)
    }
}
