import ArgumentParser
import Contracts

struct CoversCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "covers",
        abstract: "Show where the covers of albums came from, and look again for one.",
        subcommands: [CoversList.self, CoversRefresh.self], defaultSubcommand: CoversList.self)
}

struct CoversList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List albums with the source and the address of their cover.",
        discussion: """
            files: the music holds it; sidecar: a picture beside the music; else the service that
            was asked. With --json one page of albums a line.

            Examples:
              sillon covers list
              sillon covers list --missing     albums that nobody has a picture of, so far
            """)

    @Flag(help: "Only albums without a cover.")
    var missing = false

    @OptionGroup var options: ClientOptions

    private static let pageSize = 500

    func run() async throws {
        let client = try options.client()
        var albums: [AlbumCoverView] = []
        var cursor: String?
        repeat {
            let answer = try await client.get("/v1/albums", [("limit", "\(Self.pageSize)"), ("cursor", cursor)])
            let page = try answer.decode(PageView<AlbumCoverView>.self)
            if options.json { try answer.print() } else { albums += page.items }
            cursor = page.nextCursor
        } while cursor != nil
        if options.json { return }
        let shown = missing ? albums.filter { $0.cover == nil } : albums
        guard !shown.isEmpty else { return Console.note(missing ? "every album has a cover" : "there are no albums") }
        try Console.table(AlbumCoverView.table(shown))
    }
}

struct CoversRefresh: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "refresh",
        abstract: "Look at once for the cover of an album whose files hold none.",
        discussion: """
            Examples:
              sillon covers refresh 42
            """)

    @Argument(help: "The id of the album: sillon covers list")
    var album: Int64

    @OptionGroup var options: ClientOptions

    func run() async throws {
        let answer = try await options.client().post("/v1/albums/\(album)/cover/refresh")
        if options.json { return try answer.print() }
        let task = try answer.decode(AcceptedTaskView.self).taskID
        try Console.line("It is looked for by task \(task): sillon tasks show \(task)")
    }
}
