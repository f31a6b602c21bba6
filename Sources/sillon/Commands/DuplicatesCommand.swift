import ArgumentParser

struct DuplicatesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "duplicates",
        abstract: "List recordings that are there more than once: other encodings, other places.",
        discussion: """
            The file that is best kept comes first (lossless, whole, highest rate); the others say why
            they are taken for the same. Nothing is merged or deleted. Files of different encodings are
            told for sure by fingerprints: SILLON_FINGERPRINT=true on server and workers, then
            sillon scan --full.

            Examples:
              sillon duplicates
              sillon duplicates "nina simone feeling good"     those of one track
              sillon duplicates --limit 500 --m3u > spare.m3u  all but the best of each
              sillon duplicates --json
            """)

    @Argument(help: "Only those of this track: its id, its file, or words.")
    var track: String?

    @Option(help: ArgumentHelp("Recordings at most, 1 to 500.", valueName: "n"))
    var limit = 100

    @Option(help: ArgumentHelp("Go on where the last page ended.", valueName: "text"))
    var cursor: String?

    @Flag(name: .customLong("m3u"), help: "Print a playlist of all files but the best of each recording.")
    var isPlaylist = false

    @OptionGroup var options: ClientOptions

    func validate() throws {
        guard (1...500).contains(limit) else { throw ValidationError("--limit is 1 to 500") }
        guard track == nil || cursor == nil else { throw ValidationError("--cursor is for the list of all") }
    }

    func run() async throws {
        let client = try options.client()
        if let track {
            let found = try await TrackFinder(client: client).find(track)
            let answer = try await client.get("/v1/tracks/\(found.id)/duplicates")
            if options.json { return try answer.print() }
            let group = try answer.decode(DuplicateGroupView.self)
            guard group.items.count > 1 else { return Console.note("\(found.name) is there once, as far as is known") }
            return try show([group])
        }
        let answer = try await client.get("/v1/duplicates", [("limit", "\(limit)"), ("cursor", cursor)])
        if options.json { return try answer.print() }
        let page = try answer.decode(DuplicatePageView.self)
        if page.items.isEmpty { Console.note("nothing is there twice, as far as is known") }
        try show(page.items)
        for remark in page.remarks { Console.note(remark) }
    }

    private func show(_ groups: [DuplicateGroupView]) throws {
        if isPlaylist { return try Playlist.print(groups.flatMap(\.items).filter { !$0.best }.map(\.track)) }
        guard !groups.isEmpty else { return }
        try Console.table(DuplicateTable.table(groups))
    }
}
