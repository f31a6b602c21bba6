import Domain
import UseCases

/// search2 and search3. No words mean everything, page by page, which is how players copy the library.
struct SubsonicSearch: Sendable {
    let services: APIServices
    let shelf: SubsonicShelf

    private static let usualCount = 20
    /// The protocol knows no limit here; more are asked for page by page.
    static let maxCount = 5000

    var methods: [SubsonicMethod] {
        [
            SubsonicMethod("search2") { try await search($0, "searchResult2", .directory) },
            SubsonicMethod("search3") { try await search($0, "searchResult3", .album) },
            SubsonicMethod("search", handle: oldSearch),
        ]
    }

    private func search(
        _ call: SubsonicCall, _ name: String, _ form: SubsonicShelf.AlbumForm
    ) async throws -> SubsonicMethod.Answer {
        let (parameters, caller) = (call.parameters, try call.account())
        // Without a value it is there and means everything.
        guard let query = parameters.text("query") else { throw SubsonicError.missing("query") }
        let rootID = try parameters.rootID()
        let pieces = Pieces(
            artists: try piece("artist", parameters), albums: try piece("album", parameters),
            songs: try piece("song", parameters))
        let found = try await find(Self.words(query), pieces, rootID: rootID)
        var node = SubsonicNode()
        let artists =
            form == .album
            ? try await shelf.artists(found.artists, for: caller)
            : try await shelf.directories(found.artists, for: caller)
        node.add("artist", .children(artists))
        node.add("album", .children(try await shelf.albums(found.albums, as: form, for: caller)))
        node.add("song", .children(try await shelf.songs(found.songs, for: caller)))
        return .node(name, node)
    }

    private struct Pieces {
        let artists: Piece
        let albums: Piece
        let songs: Piece
    }

    private struct Found {
        var artists: [Artist] = []
        var albums: [Album] = []
        var songs: [Track] = []
    }

    private func piece(_ kind: String, _ parameters: SubsonicParameters) throws(SubsonicError) -> Piece {
        Piece(
            offset: try parameters.offset("\(kind)Offset"),
            limit: try parameters.count("\(kind)Count", default: Self.usualCount, max: Self.maxCount))
    }

    /// Some players send two quotation marks for nothing, and a star for the rest of a word.
    private static func words(_ query: String) -> String {
        query.replacing("\"", with: " ").replacing("*", with: " ").split(whereSeparator: \.isWhitespace)
            .joined(separator: " ")
    }

    private func find(_ words: String, _ pieces: Pieces, rootID: Int64?) async throws -> Found {
        var found = Found()
        let browser = services.browser
        guard words.isEmpty else {
            found.artists = try await browser.searchArtists(words, rootID: rootID, pieces.artists)
            found.albums = try await browser.searchAlbums(words, rootID: rootID, pieces.albums)
            found.songs = try await browser.searchTracks(words, rootID: rootID, pieces.songs)
            return found
        }
        if pieces.artists.limit > 0 { found.artists = try await browser.artists(rootID: rootID, pieces.artists) }
        if pieces.albums.limit > 0 { found.albums = try await browser.albums(.byTitle, rootID: rootID, pieces.albums) }
        if pieces.songs.limit > 0 { found.songs = try await browser.tracks(rootID: rootID, pieces.songs) }
        return found
    }

    /// The search of the protocol's first days, by parts of a song.
    private func oldSearch(_ call: SubsonicCall) async throws -> SubsonicMethod.Answer {
        let parameters = call.parameters
        let words = ["artist", "album", "title", "any"].compactMap(parameters.filled).joined(separator: " ")
        guard !Self.words(words).isEmpty else { throw SubsonicError.missing("artist, album, title or any") }
        let piece = Piece(
            offset: try parameters.offset(),
            limit: try parameters.count("count", default: Self.usualCount, max: Self.maxCount))
        let tracks = try await services.browser.searchTracks(Self.words(words), rootID: nil, piece)
        var node = SubsonicNode()
        node.set("offset", piece.offset)
        node.set("totalHits", piece.offset + tracks.count)
        node.add("match", .children(try await shelf.songs(tracks, for: call.account())))
        return .node("searchResult", node)
    }
}
