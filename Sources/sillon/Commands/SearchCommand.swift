import ArgumentParser

struct SearchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "search",
        abstract: "Search titles, artists, albums and genres.",
        discussion: """
            Every word must match the beginning of a word of the track. Case and accents do not count.
            With --semantic it is the meaning that counts, as a text-embedding model sees it: the
            server needs one (SILLON_EMBEDDING_MODELS). Answers carry their score, 1 being the same.

            Examples:
              sillon search coltrane
              sillon search "bjor hyper"
              sillon search jazz --limit 100 --json
              sillon search --semantic "slow piano, sad"
            """)

    @Argument(help: "Words, or beginnings of words.")
    var text: [String]

    @Option(help: ArgumentHelp("Tracks at most, 1 to 100.", valueName: "n"))
    var limit = 20

    @Flag(help: "Search by what the words mean.")
    var semantic = false

    @Option(help: ArgumentHelp("The model that understands the words; the first one by default.", valueName: "name"))
    var model: String?

    @OptionGroup var options: ClientOptions

    /// The server's limit, in Unicode scalars.
    private static let maxQueryLength = 200

    func validate() throws {
        let length = text.joined(separator: " ").unicodeScalars.count
        guard (1...Self.maxQueryLength).contains(length) else {
            throw ValidationError("The text is 1 to \(Self.maxQueryLength) characters long")
        }
        guard (1...100).contains(limit) else { throw ValidationError("--limit is 1 to 100") }
        guard semantic || model == nil else { throw ValidationError("--model needs --semantic") }
    }

    func run() async throws {
        let words = text.joined(separator: " ")
        if semantic { return try await searchByMeaning(words) }
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

    private func searchByMeaning(_ words: String) async throws {
        let answer = try await options.client().get(
            "/v1/search/semantic", [("q", words), ("limit", "\(limit)"), ("model", model)])
        if options.json { return try answer.print() }
        let found = try answer.decode(SemanticView.self)
        guard !found.items.isEmpty else { return Console.note("no track has a vector of \(found.model) yet") }
        var table = TextTable([
            .init("#", .right), .init("SCORE", .right), .init("ARTIST – TITLE", canShrink: true),
            .init("ALBUM", canShrink: true), .init("TEMPO", .right), .init("KEY"), .init("ID", .right),
        ])
        for (index, item) in found.items.enumerated() {
            table.add([
                "\(index + 1)", Readable.decimal(item.score, 3), item.track.name, item.track.album, item.track.tempo,
                item.track.key, "\(item.track.id)",
            ])
        }
        try Console.table(table)
    }
}

private struct SemanticView: Decodable {
    struct Hit: Decodable {
        var score: Double
        var track: TrackView
    }

    var items: [Hit]
    var model: String
}
