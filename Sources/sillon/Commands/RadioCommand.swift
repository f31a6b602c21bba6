import ArgumentParser
import Contracts
import Domain

struct RadioCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "radio",
        abstract: "Play on from a track, an album, an artist, or several of them.",
        discussion: """
            Each track sounds like where the radio began and like the one before it. The same seed \
            number gives the same list again.

            Examples:
              sillon radio "nina simone feeling good"
              sillon radio --artist "nina simone" --seed 7 --limit 100 --m3u > radio.m3u
            """)

    @OptionGroup var seeds: SeedOptions

    @Option(help: ArgumentHelp("How many tracks, 1 to 500.", valueName: "n"))
    var limit = 30

    @Option(help: ArgumentHelp("The number that the list is made from.", valueName: "n"))
    var seed: Int64?

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
        let answer = try await client.post(
            "/v1/radio",
            body: JSONBody([
                "seeds": .array(found.plus), "minus": .array(found.minus), "filters": try await choice.filters(finder),
                "rules": .object(choice.rules), "limit": .integer(Int64(limit)), "seed": seed.map { .integer($0) },
            ]))
        if options.json { return try answer.print() }
        let radio = try answer.decode(RadioView.self)
        if list.isPlaylist { return try Playlist.print(radio.items.map(\.track)) }
        try Console.line(TextTable.safe("Radio from \(found.names.joined(separator: ", ")), seed \(radio.seed):"))
        guard !radio.items.isEmpty else { return Console.note("no track may be played") }
        try Console.table(SimilarTable(showsStep: true, showsWhy: list.why).table(radio.items))
    }
}
