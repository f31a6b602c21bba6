import Contracts
import Domain
import HTTPTypes
import UseCases

/// `/v1/playlists/import` and `/v1/playlist-files`
struct PlaylistImportRoutes: Sendable {
    let services: APIServices

    /// Characters of a text, and bytes of the body around it.
    private static let maxText = 2 << 20
    private static let bodyLimit = 8 << 20

    private static let text = BodyField("text", .text(1...maxText), isRequired: true, "The playlist file.")
    private static let format = BodyField(
        "format", Scalar<PlaylistText.Format>.choice, "m3u, which M3U8 is too, when absent.")
    private static let name = BodyField(
        "name", .text(1...Playlist.maxNameLength), "When absent, the name that the file gives itself.")
    private static let folder = BodyField(
        "folder", Scalar<FilePath>.folder,
        "Where the file lies: its relative paths begin there; at a library root when absent, or where it lies outside.")
    private static let isPublic = BodyField("public", Scalar<Bool>.flag, "True: every account may read it.")

    var routes: [Route] { [importText, files] }

    private var importText: Route {
        .json(
            .post, "/v1/playlists/import", "importPlaylist", "Make a playlist of a playlist file", access: .user,
            body: BodySpec(
                "PlaylistToImport",
                [.init(Self.text), .init(Self.format), .init(Self.name), .init(Self.folder), .init(Self.isPublic)]),
            bodyLimit: Self.bodyLimit, status: .created, answer: .importedPlaylist,
            "The playlist, and what of the file is not in the library.",
            location: { (made: ImportedPlaylist) in "/v1/playlists/\(made.playlist.id)" },
            problems: [.conflict, .insufficientStorage]
        ) { request in
            let body = request.body
            let text: PlaylistText
            do {
                text = try PlaylistText.read(
                    try body.require(Self.text), as: try body.optional(Self.format) ?? .m3u)
            } catch let problem as PlaylistText.Problem {
                throw Problem.invalid("text is no playlist: \(problem.description)")
            }
            guard !text.isCut else { throw Problem.invalid("text lists more than \(Playlist.maxEntries) tracks") }
            guard let name = try body.optional(Self.name) ?? text.name, Playlist.isName(name) else {
                throw Problem.invalid("name is missing or blank, and the text gives none")
            }
            return try await services.playlistImport(request).make(
                text, named: name, isPublic: try body.optional(Self.isPublic) ?? false,
                folder: try body.optional(Self.folder), owner: try request.account())
        }
    }

    private var files: Route {
        .json(
            .get, "/v1/playlist-files", "listPlaylistFiles", "List the playlist files of the library", access: .user,
            parameters: .paging, answer: Shape<PlaylistFile>.playlistFile.page("PlaylistFilePage"),
            "One page, by folder, with what became of each."
        ) { request in
            let page = try request.page()
            return try await Problem.listing { try await services.playlistFiles.playlistFiles(page) }
        }
    }
}

extension APIServices {
    fileprivate func playlistImport(_ request: APIRequest) -> PlaylistImport {
        PlaylistImport(
            store: playlistFiles, playlists: playlists, scans: scans, files: files, logger: request.logger)
    }
}

extension Shape where Value == ImportedPlaylist {
    static let importedPlaylist = Shape.object("ImportedPlaylist") {
        Field("playlist", .playlist) { $0.playlist }
        Field("entry_count", .count, "What the file lists.") { $0.entryCount }
        Field("missing_count", .count, "Entries that are not in the library.") { $0.missingCount }
        Field("missing", Shape<String>.text.list, "The first \(PlaylistImport.maxNamed) of them, as the file has them.")
        {
            $0.missing
        }
    }
}

extension Shape where Value == PlaylistFile {
    static let playlistFile = Shape.object("PlaylistFile") {
        Field("path", .path) { $0.path }
        Field(optional: "playlist_id", .integer, "Null when there is none (any more).") { $0.playlistID }
        Field("entry_count", .count, "What the file lists.") { $0.entryCount }
        Field("missing_count", .count, "Entries that are not in the library.") { $0.missingCount }
        Field(optional: "imported_at", .time) { $0.importedAt }
        Field("waiting", .flag, "True: a scan met it, and it is yet to be read.") { $0.isDue }
        Field(optional: "problem", .text, "Why there is no playlist of it, or why not all of it is in there.") {
            $0.problem
        }
    }
}
