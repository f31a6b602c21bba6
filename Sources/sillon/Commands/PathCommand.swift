import ArgumentParser
import Domain

struct PathCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "path",
        abstract: "Find a smooth way from one track to another.",
        discussion: """
            A track is a number (its id), the path of its file, or words in quotes.

            Examples:
              sillon path "nina simone feeling good" "daft punk aerodynamic"
              sillon path 1234 77 --length 25 --max-tempo-jump 15 --m3u > way.m3u
            """)

    @Argument(help: "The first track.")
    var from: String

    @Argument(help: "The last track.")
    var to: String

    @Option(help: ArgumentHelp("How many tracks, with both ends, 2 to 100.", valueName: "n"))
    var length = 12

    @OptionGroup var list: ListOptions

    @OptionGroup(title: "Filters and rules") var choice: SimilarityOptions
    @OptionGroup var options: ClientOptions

    func validate() throws {
        guard (2...100).contains(length) else { throw ValidationError("--length is 2 to 100") }
    }

    func run() async throws {
        let client = try options.client()
        let finder = SeedFinder(client: client)
        let (start, end) = (try await finder.tracks.find(from), try await finder.tracks.find(to))
        let ends: [(String, String?)] = [("from", "\(start.id)"), ("to", "\(end.id)"), ("length", "\(length)")]
        let answer = try await client.get("/v1/path", ends + (try await choice.query(finder)))
        if options.json { return try answer.print() }
        let stops = try answer.decode(PageView<SimilarView>.self).items
        if list.isPlaylist { return try Playlist.print(stops.map(\.track)) }
        try Console.line(TextTable.safe("From \(start.name) to \(end.name):"))
        try Console.table(SimilarTable(showsStep: true, showsWhy: list.why).table(stops))
        if stops.count < length { Console.note("there are no more tracks between these two that fit") }
    }
}
