import ArgumentParser
import Contracts

struct DownloadCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "download",
        abstract: "Search and get music that others share, through your own slskd.",
        subcommands: [DownloadSearch.self, DownloadGet.self, DownloadList.self, DownloadCancel.self])
}

struct DownloadSearch: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "search",
        abstract: "Search; the best offer first. Takes up to a minute.",
        discussion: """
            Examples:
              sillon download search "Marled Field - First Light"
            """)

    @Argument(help: "Artist - Title, or words.")
    var words: [String]

    @Option(help: ArgumentHelp("Offers at most, 1 to 100.", valueName: "n"))
    var limit = 20

    @OptionGroup var options: ClientOptions

    func run() async throws {
        let words = words.joined(separator: " ")
        let answer = try await options.client().get("/v1/downloads/search", [("q", words), ("limit", "\(limit)")])
        if options.json { return try answer.print() }
        let offers = try answer.decode(PageView<DownloadOfferView>.self).items
        guard !offers.isEmpty else { return Console.note("nobody shares \"\(words)\" at the moment") }
        var table = TextTable([
            .init("SCORE", .right), .init("FILE", canShrink: true), .init("MB", .right), .init("KBIT/S", .right),
            .init("PEER", canShrink: true), .init("SLOT"),
        ])
        for offer in offers {
            table.add([
                Readable.decimal(offer.score, 2), offer.fileName, Readable.decimal(Double(offer.sizeBytes) / 1e6, 1),
                offer.bitrateKbps.map(String.init) ?? "", offer.peer, offer.freeSlot ? "free" : "",
            ])
        }
        try Console.table(table)
    }
}

struct DownloadGet: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "get",
        abstract: "Get one piece of music into the library.",
        discussion: """
            The server asks one peer after the other, checks what comes, and puts it into its download folder.

            Examples:
              sillon download get "Marled Field - First Light" --prefer lossless
              sillon download get "Marled Field - First Light" --wait
            """)

    @Argument(help: "Artist - Title.")
    var words: [String]

    @Option(help: ArgumentHelp("Which of two offers is taken first: lossless or any.", valueName: "kind"))
    var prefer = "any"

    @Option(help: ArgumentHelp("Of several, the one on this album.", valueName: "title"))
    var album: String?

    @Option(help: ArgumentHelp("A file of another length is not taken.", valueName: "seconds"))
    var duration: Int?

    @Flag(help: "Follow it to its end: 0 when the file is in the library, 1 when nobody gave it.")
    var wait = false

    @OptionGroup var options: ClientOptions

    private static let pollInterval = Duration.seconds(1)

    func validate() throws {
        guard ["lossless", "any"].contains(prefer) else { throw ValidationError("--prefer is lossless or any") }
        guard duration.map({ (1...86_400).contains($0) }) ?? true else {
            throw ValidationError("--duration is 1 to 86400 seconds")
        }
    }

    func run() async throws {
        let body = JSONBody([
            "query": .string(words.joined(separator: " ")), "prefer": .string(prefer),
            "album": album.map { .string($0) }, "duration_ms": duration.map { .integer(Int64($0) * 1000) },
        ])
        let client = try options.client()
        let answer = try await client.post("/v1/downloads", body: body)
        let accepted = try answer.decode(DownloadAcceptedView.self)
        if wait { return try await follow(accepted.downloadID, client) }
        if options.json { return try answer.print() }
        try Console.line("Download \(accepted.downloadID) is queued. Follow it with: sillon download list")
    }

    private func follow(_ id: String, _ client: APIClient) async throws {
        var last = ""
        while true {
            let answer = try await client.get("/v1/downloads/\(id)")
            let download = try answer.decode(DownloadView.self)
            if download.isOver {
                if options.json { try answer.print() }
                guard download.state == "done" else {
                    throw CommandError.failed("download \(id) is \(download.state): \(download.message ?? "no reason")")
                }
                if !options.json { try Console.line("It is in the library: \(download.path ?? "")") }
                return
            }
            let news = [
                download.state, download.share, download.peer.map { "from \($0)" } ?? "", download.message ?? "",
            ]
            .filter { !$0.isEmpty }.joined(separator: ", ")
            if news != last { Console.note(news) }
            last = news
            try await Task.sleep(for: Self.pollInterval)
        }
    }
}

struct DownloadList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Show downloads, newest first, and how far they are.",
        discussion: """
            Examples:
              sillon download list
            """)

    @OptionGroup var options: ClientOptions

    func run() async throws {
        let answer = try await options.client().get("/v1/downloads", [("limit", "50")])
        if options.json { return try answer.print() }
        let downloads = try answer.decode(PageView<DownloadView>.self).items
        guard !downloads.isEmpty else { return Console.note("there are no downloads") }
        var table = TextTable([
            .init("ID"), .init("STATE"), .init("", .right), .init("WHAT", canShrink: true),
            .init("PEER", canShrink: true), .init("", canShrink: true),
        ])
        for download in downloads {
            table.add([
                download.id, download.state, download.share, download.question.text, download.peer ?? "",
                download.message ?? download.path ?? "",
            ])
        }
        try Console.table(table)
    }
}

struct DownloadCancel: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cancel", abstract: "Cancel a download; what was received is thrown away.",
        discussion: """
            Examples:
              sillon download cancel 5f0c1e4e-6a0b-4f0e-9d55-0f6a4b8f1c2d
            """)

    @Argument(help: "The id of the download.")
    var id: String

    @OptionGroup var options: ClientOptions

    func validate() throws {
        let isID = (1...64).contains(id.utf8.count) && id.allSatisfy { $0.isASCII && ($0.isHexDigit || $0 == "-") }
        guard isID else { throw ValidationError("the id of a download is a UUID") }
    }

    func run() async throws {
        let answer = try await options.client().delete("/v1/downloads/\(id)")
        if options.json { return try answer.print() }
        try Console.line("Download \(id) is \(try answer.decode(DownloadView.self).state).")
    }
}
