import Domain
import UseCases

/// Albums and songs in all orders that players ask for.
struct SubsonicLists: Sendable {
    let services: APIServices
    let shelf: SubsonicShelf

    static let maxSize = 500
    private static let usualSize = 10
    private static let years: ClosedRange<Int64> = 0...9999

    var methods: [SubsonicMethod] {
        [
            SubsonicMethod("getAlbumList", required: ["type"]) { try await albumList($0, .directory) },
            SubsonicMethod("getAlbumList2", required: ["type"]) { try await albumList($0, .album) },
            SubsonicMethod("getRandomSongs", handle: randomSongs),
            SubsonicMethod("getSongsByGenre", required: ["genre"], handle: songsByGenre),
            SubsonicMethod("getStarred") { try await starred($0, "starred", .directory) },
            SubsonicMethod("getStarred2") { try await starred($0, "starred2", .album) },
        ]
    }

    private func albumList(_ call: SubsonicCall, _ form: SubsonicShelf.AlbumForm) async throws -> SubsonicMethod.Answer
    {
        let caller = try call.account()
        let list = try list(call.parameters, account: caller.id)
        let piece = Piece(
            offset: try call.parameters.offset(),
            limit: try call.parameters.count("size", default: Self.usualSize, max: Self.maxSize))
        let albums = try await services.browser.albums(list, rootID: call.parameters.rootID(), piece)
        var node = SubsonicNode()
        node.add("album", .children(try await shelf.albums(albums, as: form, for: caller)))
        return .node(form == .album ? "albumList2" : "albumList", node)
    }

    private func list(_ parameters: SubsonicParameters, account: Int64) throws(SubsonicError) -> AlbumList {
        switch try parameters.require("type") {
        case "random": return .random
        case "newest": return .newest
        case "highest": return .bestRated(account: account)
        case "frequent": return .mostPlayed(account: account)
        case "recent": return .recentlyPlayed(account: account)
        case "alphabeticalByName": return .byTitle
        case "alphabeticalByArtist": return .byArtist
        case "starred": return .starred(account: account)
        case "byYear":
            guard let first = try year("fromYear", parameters) else { throw .missing("fromYear") }
            guard let last = try year("toYear", parameters) else { throw .missing("toYear") }
            return .years(first: first, last: last)
        case "byGenre": return .genre(try parameters.require("genre"))
        default:
            throw .invalid(
                "type",
                "random, newest, highest, frequent, recent, alphabeticalByName, alphabeticalByArtist, starred, byYear or "
                    + "byGenre")
        }
    }

    private func year(_ name: String, _ parameters: SubsonicParameters) throws(SubsonicError) -> Int? {
        try parameters.integer(name, from: Self.years.lowerBound, to: Self.years.upperBound).map { Int($0) }
    }

    private func randomSongs(_ call: SubsonicCall) async throws -> SubsonicMethod.Answer {
        let parameters = call.parameters
        let choice = TrackChoice(
            genre: parameters.filled("genre"), firstYear: try year("fromYear", parameters),
            lastYear: try year("toYear", parameters), rootID: try parameters.rootID())
        let size = try parameters.count("size", default: Self.usualSize, max: Self.maxSize)
        let tracks = try await services.browser.randomTracks(choice, count: size)
        return .node("randomSongs", try await songs(tracks, call))
    }

    private func songsByGenre(_ call: SubsonicCall) async throws -> SubsonicMethod.Answer {
        let parameters = call.parameters
        let piece = Piece(
            offset: try parameters.offset(),
            limit: try parameters.count("count", default: Self.usualSize, max: Self.maxSize))
        let tracks = try await services.browser.tracks(
            ofGenre: parameters.require("genre"), rootID: parameters.rootID(), piece)
        return .node("songsByGenre", try await songs(tracks, call))
    }

    private func songs(_ tracks: [Track], _ call: SubsonicCall) async throws -> SubsonicNode {
        var node = SubsonicNode()
        node.add("song", .children(try await shelf.songs(tracks, for: call.account())))
        return node
    }

    private func starred(
        _ call: SubsonicCall, _ name: String, _ form: SubsonicShelf.AlbumForm
    ) async throws -> SubsonicMethod.Answer {
        let caller = try call.account()
        let rootID = try call.parameters.rootID()
        var artists = try await shelf.all { try await services.catalogue.artists(starredBy: caller.id, $0) }
        let albums = try await services.browser.albums(
            .starred(account: caller.id), rootID: rootID, Piece(limit: Self.maxStarred))
        var ids = try await shelf.all {
            try await services.listening.tracks(
                .recentlyStarred, account: caller.id, filter: TrackFilter(state: .present), page: $0)
        }
        if let rootID {
            let kept = try await within(rootID, .artist, artists.map(\.id))
            artists.removeAll { !kept.contains($0.id) }
            let keptTracks = try await within(rootID, .track, ids)
            ids.removeAll { !keptTracks.contains($0) }
        }
        var node = SubsonicNode()
        let folders =
            form == .album
            ? try await shelf.artists(artists, for: caller) : try await shelf.directories(artists, for: caller)
        node.add("artist", .children(folders))
        node.add("album", .children(try await shelf.albums(albums, as: form, for: caller)))
        node.add("song", .children(try await shelf.songs(ids: ids, for: caller)))
        return .node(name, node)
    }

    private static let maxStarred = 10_000

    private func within(_ rootID: Int64, _ kind: MarkKind, _ ids: [Int64]) async throws -> Set<Int64> {
        var kept: Set<Int64> = []
        for start in stride(from: 0, to: ids.count, by: SubsonicShelf.maxAtOnce) {
            let some = Array(ids[start..<min(ids.count, start + SubsonicShelf.maxAtOnce)])
            kept.formUnion(try await services.browser.these(kind, some, within: rootID))
        }
        return kept
    }
}
