import ArgumentParser
import Contracts
import Domain
import Foundation

struct PlaylistsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "playlists",
        abstract: "List, show, save and import playlists.",
        discussion: """
            Scans make playlists of the M3U, M3U8, PLS and XSPF files of the library by themselves:
            they are shared, and follow their files until somebody changes them.

            Examples:
              sillon playlists list
              sillon playlists show 3
              sillon playlists export 3 --relative > evening.m3u8
              sillon playlists import ~/old/evening.m3u
              sillon playlists files
            """,
        subcommands: [
            PlaylistsList.self, PlaylistsShow.self, PlaylistsExport.self, PlaylistsImport.self, PlaylistsFiles.self,
        ],
        defaultSubcommand: PlaylistsList.self)

    static let pageSize = 500
}

struct PlaylistsList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List one's own playlists and the shared ones.",
        discussion: """
            With --json one page of playlists a line.

            Examples:
              sillon playlists list
              sillon playlists list --json
            """)

    @OptionGroup var options: ClientOptions

    func run() async throws {
        let playlists: [PlaylistView] = try await options.pages("/v1/playlists")
        if options.json { return }
        guard !playlists.isEmpty else { return Console.note("there are no playlists") }
        try Console.table(PlaylistView.table(playlists))
    }
}

struct PlaylistsShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "List the tracks of a playlist in their order.",
        discussion: """
            With --json one page of tracks a line.

            Examples:
              sillon playlists show 3
            """)

    @Argument(help: "The playlist's id: sillon playlists list")
    var id: Int64

    @OptionGroup var options: ClientOptions

    func run() async throws {
        let tracks: [ListedTrackView] = try await options.pages("/v1/playlists/\(id)/tracks")
        if options.json { return }
        guard !tracks.isEmpty else { return Console.note("the playlist is empty") }
        var table = TextTable([
            .init("#", .right), .init("ID", .right), .init("TRACK", canShrink: true),
            .init("ALBUM", canShrink: true), .init("LENGTH", .right), .init("FILE"),
        ])
        for entry in tracks {
            table.add([
                "\(entry.position)", "\(entry.track.id)", entry.track.name, entry.track.album, entry.track.length,
                entry.track.state == "missing" ? "missing" : nil,
            ])
        }
        try Console.table(table)
    }
}

struct PlaylistsExport: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Write a playlist as M3U8 to standard output.",
        discussion: """
            Examples:
              sillon playlists export 3 > evening.m3u8
              sillon playlists export 3 --relative > /music/evening.m3u8
            """)

    @Argument(help: "The playlist's id: sillon playlists list")
    var id: Int64

    @Flag(help: "Paths from the library root that holds each track; else from the root of the file system.")
    var relative = false

    @OptionGroup var options: ClientOptions

    func validate() throws {
        guard !options.json else { throw ValidationError("a playlist file is no JSON: leave --json out") }
    }

    func run() async throws {
        let answer = try await options.client().get(
            "/v1/playlists/\(id)/export.m3u8", [("paths", relative ? "relative" : "absolute")])
        try answer.print()
    }
}

struct PlaylistsImport: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "Make a playlist of one's own of an M3U, M3U8, PLS or XSPF file.",
        discussion: """
            Tracks are found by their paths. Entries that are not in the library are listed, and left out.

            Examples:
              sillon playlists import ~/old/evening.m3u
              sillon playlists import evening.xspf --name "Late evening" --public
            """)

    @Argument(help: "The file, on this machine.", completion: .file(extensions: ["m3u", "m3u8", "pls", "xspf"]))
    var file: String

    @Option(help: ArgumentHelp("Its name; else the one in the file, or the file's.", valueName: "text"))
    var name: String?

    @Flag(name: .customLong("public"), help: "Let every account read it.")
    var isPublic = false

    @OptionGroup var options: ClientOptions

    func run() async throws {
        let path = try PathArgument.canonical(file)
        guard let format = PlaylistText.Format(fileExtension: path.fileExtension) else {
            throw CommandError.failed("\(file) does not end in .m3u, .m3u8, .pls or .xspf")
        }
        let text = PlainText.decode(try Self.read(file))
        let ownName = try? PlaylistText.read(text, as: format).name  // the server says what is wrong with the text
        let base = String(decoding: path.lastComponent, as: UTF8.self).split(separator: ".").dropLast()
        let answer = try await options.client().post(
            "/v1/playlists/import",
            body: JSONBody([
                "text": .string(text), "format": .string(format.rawValue),
                "name": .string(name ?? ownName ?? base.joined(separator: ".")),
                "folder": .string(path.parent.encoded), "public": .bool(isPublic),
            ]))
        if options.json { return try answer.print() }
        let made = try answer.decode(ImportedPlaylistView.self)
        for place in made.missing { Console.note("not in the library: \(TextTable.safe(place))") }
        let found = made.entryCount - made.missingCount
        try Console.line(
            "playlist \(made.playlist.id), \(TextTable.safe(made.playlist.name)): "
                + "\(Readable.count(found)) of \(Readable.count(made.entryCount)) entries are in the library")
    }

    private static func read(_ file: String) throws(CommandError) -> [UInt8] {
        do {
            let handle = try FileHandle(forReadingFrom: URL(fileURLWithPath: file))
            defer { try? handle.close() }  // it was only read
            let data = try handle.read(upToCount: PlaylistText.maxBytes + 1) ?? Data()
            guard data.count <= PlaylistText.maxBytes else {
                throw CommandError.failed("\(file) has more than \(PlaylistText.maxBytes >> 20) MB")
            }
            return Array(data)
        } catch let error as CommandError {
            throw error
        } catch {
            throw .failed("\(file) cannot be read")
        }
    }
}

struct PlaylistsFiles: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "files", abstract: "List the playlist files of the library, and what became of each.",
        discussion: """
            With --json one page of files a line.

            Examples:
              sillon playlists files
            """)

    @OptionGroup var options: ClientOptions

    func run() async throws {
        let files: [PlaylistFileView] = try await options.pages("/v1/playlist-files")
        if options.json { return }
        guard !files.isEmpty else { return Console.note("scans found no playlist files") }
        var table = TextTable([
            .init("PLAYLIST", .right), .init("ENTRIES", .right), .init("MISSING", .right),
            .init("FILE", canShrink: true), .init("PROBLEM", canShrink: true),
        ])
        for file in files {
            table.add([
                file.playlistID.map { "\($0)" }, Readable.count(file.entryCount), Readable.count(file.missingCount),
                file.path, file.waiting ? "it is yet to be read" : file.problem,
            ])
        }
        try Console.table(table)
    }
}

extension ClientOptions {
    /// All items of a list; with --json each page is printed as it comes, and none is kept.
    fileprivate func pages<Item: Decodable & Sendable>(_ path: String) async throws -> [Item] {
        let client = try client()
        var (items, cursor) = ([Item](), String?.none)
        repeat {
            let answer = try await client.get(path, [("limit", "\(PlaylistsCommand.pageSize)"), ("cursor", cursor)])
            let page = try answer.decode(PageView<Item>.self)
            if json { try answer.print() } else { items += page.items }
            cursor = page.nextCursor
        } while cursor != nil
        return items
    }
}
