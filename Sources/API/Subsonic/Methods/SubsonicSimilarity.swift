import Domain
import UseCases

/// What sounds alike: the same answers as `/v1/similar` and `/v1/path` give.
struct SubsonicSimilarity: Sendable {
    let services: APIServices
    let shelf: SubsonicShelf

    private static let usualCount = 50
    private static let usualSonicCount = 10
    private static let usualPathCount = 25

    var methods: [SubsonicMethod] {
        [
            SubsonicMethod("getSimilarSongs", required: ["id"]) { try await similar($0, "similarSongs") },
            SubsonicMethod("getSimilarSongs2", required: ["id"]) { try await similar($0, "similarSongs2") },
            SubsonicMethod("getSonicSimilarTracks", required: ["id"], handle: sonic),
            SubsonicMethod("findSonicPath", required: ["startSongId", "endSongId"], handle: path),
            SubsonicMethod("getTopSongs", handle: top),
        ]
    }

    /// Of a song, an album or an artist. Nothing sounds like what nobody has listened to yet.
    private func similar(_ call: SubsonicCall, _ name: String) async throws -> SubsonicMethod.Answer {
        let seed: SimilaritySeed
        switch try call.parameters.id() {
        case .track(let id): seed = .track(id)
        case .album(let id): seed = .album(id)
        case .artist(let id): seed = .artist(id)
        case .playlist, .folder, .cover: throw SubsonicError.notFound
        }
        let count = try call.parameters.count("count", default: Self.usualCount, max: SubsonicLists.maxSize)
        var found: [SimilarTrack] = []
        do {
            if count > 0 {
                found = try await services.similarity.similar(
                    SimilarQuestion(SimilarityTarget(plus: [seed]), limit: count))
            }
        } catch SimilarityProblem.notHeard {}
        return .node(name, try await songs(found.map(\.track), call))
    }

    private func songs(_ tracks: [Track], _ call: SubsonicCall) async throws -> SubsonicNode {
        var node = SubsonicNode()
        node.add("song", .children(try await shelf.songs(tracks, for: call.account())))
        return node
    }

    private func sonic(_ call: SubsonicCall) async throws -> SubsonicMethod.Answer {
        let id = try call.parameters.trackID()
        let count = try call.parameters.count("count", default: Self.usualSonicCount, max: SubsonicLists.maxSize)
        guard count > 0 else { return .payload("sonicMatch", .children([])) }
        let found = try await services.similarity.similar(
            SimilarQuestion(SimilarityTarget(plus: [.track(id)]), limit: count))
        return try await matches(found, call)
    }

    private func path(_ call: SubsonicCall) async throws -> SubsonicMethod.Answer {
        let (start, end) = (try call.parameters.trackID("startSongId"), try call.parameters.trackID("endSongId"))
        let count = try call.parameters.count("count", default: Self.usualPathCount, max: PathQuestion.maxLength)
        guard start != end else {
            let track = try await services.catalogue.track(id: start)
            return try await matches([SimilarTrack(track: track, score: 1)], call)
        }
        // Both ends are in it, however few are wanted.
        let found = try await services.similarity.path(PathQuestion(from: start, to: end, length: max(2, count)))
        return try await matches(found, call)
    }

    private func matches(_ found: [SimilarTrack], _ call: SubsonicCall) async throws -> SubsonicMethod.Answer {
        let songs = try await shelf.songs(found.map(\.track), for: call.account())
        let nodes = zip(songs, found).map { song, match in
            var node = SubsonicNode()
            node.add("entry", .child(song))
            node.set("similarity", number: match.score)
            return node
        }
        return .payload("sonicMatch", .children(nodes))
    }

    /// By the artist's id, or by name: one that nobody here has has no songs.
    private func top(_ call: SubsonicCall) async throws -> SubsonicMethod.Answer {
        let parameters = call.parameters
        let count = try parameters.count("count", default: Self.usualCount, max: SubsonicLists.maxSize)
        var artistID: Int64?
        if parameters.filled("id") != nil {
            guard case .artist(let id) = try parameters.id() else { throw SubsonicError.notFound }
            artistID = try await services.catalogue.artist(id: id).id
        } else {
            let name = try parameters.require("artist")
            artistID = try await shelf.artist(named: name)?.id
        }
        guard let artistID, count > 0 else { return .node("topSongs", try await songs([], call)) }
        return .node("topSongs", try await songs(services.browser.topTracks(ofArtist: artistID, count: count), call))
    }
}

extension SubsonicShelf {
    private static let maxNamesakes = 50

    /// Case does not count.
    func artist(named name: String) async throws -> Artist? {
        let found = try await services.catalogue.searchNames(name, limit: Self.maxNamesakes).artists
        return found.first { $0.name == name } ?? found.first { $0.name.lowercased() == name.lowercased() }
    }
}
