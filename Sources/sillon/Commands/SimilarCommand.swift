import ArgumentParser
import Contracts
import Domain

struct SimilarCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "similar",
        abstract: "List the tracks that sound like a track, an album, an artist, or several of them.",
        discussion: """
            A track is a number (its id), the path of its file, or words that the search \
            understands; then the best match is taken, and it is said which one that is.

            Examples:
              sillon similar "nina simone feeling good"
              sillon similar 1234 --limit 50 --per-artist 2
              sillon similar ~/Music/Nina/01.flac --json
              sillon similar --artist "nina simone" --minus 1234 --exclude live --why
            """)

    @OptionGroup var seeds: SeedOptions

    @Option(help: ArgumentHelp("Tracks at most, 1 to 500.", valueName: "n"))
    var limit = 20

    @Option(help: ArgumentHelp("Tracks of one artist at most.", valueName: "n"))
    var perArtist: Int?

    @Option(help: ArgumentHelp("Tracks of one album at most.", valueName: "n"))
    var perAlbum: Int?

    @OptionGroup var list: ListOptions

    @OptionGroup(title: "Filters and rules") var choice: SimilarityOptions
    @OptionGroup var options: ClientOptions

    func validate() throws {
        guard (1...500).contains(limit) else { throw ValidationError("--limit is 1 to 500") }
    }

    func run() async throws {
        let client = try options.client()
        let finder = SeedFinder(client: client)
        let found = try await seeds.seeds(finder)
        var rules = choice.rules
        rules["max_per_artist"] = perArtist.map { .integer(Int64($0)) }
        rules["max_per_album"] = perAlbum.map { .integer(Int64($0)) }
        let answer = try await client.post(
            "/v1/similar",
            body: JSONBody([
                "seeds": .array(found.plus), "minus": .array(found.minus), "filters": try await choice.filters(finder),
                "rules": .object(rules), "limit": .integer(Int64(limit)),
            ]))
        if options.json { return try answer.print() }
        let similar = try answer.decode(PageView<SimilarView>.self).items
        if list.isPlaylist { return try Playlist.print(similar.map(\.track)) }
        try Console.line(TextTable.safe("Sounds like \(found.names.joined(separator: ", ")):"))
        guard !similar.isEmpty else { return Console.note("no other track fits, or has been listened to yet") }
        try Console.table(SimilarTable(showsWhy: list.why).table(similar))
    }
}
