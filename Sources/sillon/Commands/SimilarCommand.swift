import ArgumentParser
import Domain

struct SimilarCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "similar",
        abstract: "List the tracks that sound like a track.",
        discussion: """
            The track is a number (its id), the path of its file, or words that the search \
            understands; then the best match is taken, and it is said which one that is.

            Examples:
              sillon similar "nina simone feeling good"
              sillon similar 1234 --limit 50
              sillon similar ~/Music/Nina/01.flac --json
            """)

    @Argument(help: "An id, a file, or words.")
    var track: [String]

    @Option(help: ArgumentHelp("Tracks at most, 1 to 100.", valueName: "n"))
    var limit = 20

    @OptionGroup var options: ClientOptions

    func validate() throws {
        guard (1...100).contains(limit) else { throw ValidationError("--limit is 1 to 100") }
    }

    func run() async throws {
        let client = try options.client()
        let found = try await TrackFinder(client: client).find(track.joined(separator: " "))
        let answer = try await client.get("/v1/tracks/\(found.id)/similar", [("limit", "\(limit)")])
        if options.json { return try answer.print() }
        let similar = try answer.decode(PageView<SimilarView>.self).items
        try Console.line(TextTable.safe("Sounds like \(found.name) (track \(found.id)):"))
        guard !similar.isEmpty else { return Console.note("no other track has been listened to yet") }
        var table = TextTable([
            .init("#", .right), .init("SCORE", .right), .init("ARTIST – TITLE", canShrink: true),
            .init("ALBUM", canShrink: true), .init("TEMPO", .right), .init("KEY"), .init("ID", .right),
        ])
        for (index, item) in similar.enumerated() {
            table.add([
                "\(index + 1)", Readable.decimal(item.score, 3), item.track.name, item.track.album, item.track.tempo,
                item.track.key, "\(item.track.id)",
            ])
        }
        try Console.table(table)
    }
}
