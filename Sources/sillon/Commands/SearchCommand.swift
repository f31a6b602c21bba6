import ArgumentParser

struct SearchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "search",
        abstract: "Search titles, artists, albums and genres.",
        discussion: """
            Every word must match the beginning of a word of the track. Case and accents do not count.

            Examples:
              sillon search coltrane
              sillon search "bjor hyper"
              sillon search jazz --limit 100 --json
            """)

    @Argument(help: "Words, or beginnings of words.")
    var text: [String]

    @Option(help: ArgumentHelp("Tracks at most, 1 to 100.", valueName: "n"))
    var limit = 20

    @OptionGroup var options: ClientOptions

    /// The server's limit, in Unicode scalars.
    private static let maxQueryLength = 200

    func validate() throws {
        let length = text.joined(separator: " ").unicodeScalars.count
        guard (1...Self.maxQueryLength).contains(length) else {
            throw ValidationError("The text is 1 to \(Self.maxQueryLength) characters long")
        }
        guard (1...100).contains(limit) else { throw ValidationError("--limit is 1 to 100") }
    }

    func run() async throws {
        let words = text.joined(separator: " ")
        let answer = try await options.client().get("/v1/search", [("q", words), ("limit", "\(limit)")])
        if options.json { return try answer.print() }
        let tracks = try answer.decode(PageView<TrackView>.self).items
        guard !tracks.isEmpty else { return Console.note("nothing matches \"\(words)\"") }
        var table = TextTable([
            .init("ID", .right), .init("ARTIST – TITLE", canShrink: true), .init("ALBUM", canShrink: true),
            .init("LENGTH", .right), .init("TEMPO", .right), .init("KEY"),
        ])
        for track in tracks {
            table.add(["\(track.id)", track.name, track.album, track.length, track.tempo, track.key])
        }
        try Console.table(table)
    }
}
