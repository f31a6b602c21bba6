import Domain
import UseCases

/// What sounds alike: the same answers as `/v1/similar` and `/v1/path` give.
struct SubsonicSimilarity: Sendable {
    let services: APIServices
    let shelf: SubsonicShelf

    private static let usualCount = 50
    private static let usualSonicCount = 10
    /// Songs that are drawn from, for each that is wanted.
    private static let poolShare = 3
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

    /// Of a song or an album, those that sound most like it; of an artist, others each time. Nothing sounds like what nobody
    /// has listened to yet.
    private func similar(_ call: SubsonicCall, _ name: String) async throws -> SubsonicMethod.Answer {
        let count = try call.parameters.count("count", default: Self.usualCount, max: SubsonicLists.maxSize)
        let found: [Track]
        switch try call.parameters.id() {
        case .track(let id): found = try await alike(.track(id), count)
        case .album(let id): found = try await alike(.album(id), count)
        case .artist(let id): found = try await mix(ofArtist: id, count)
        case .playlist, .folder, .cover: throw SubsonicError.notFound
        }
        return .node(name, try await songs(found, call))
    }

    private func alike(_ seed: SimilaritySeed, _ count: Int) async throws -> [Track] {
        guard count > 0 else { return [] }
        do {
            let question = SimilarQuestion(SimilarityTarget(plus: [seed]), limit: count)
            return try await services.similarity.similar(question).map(\.track)
        } catch SimilarityProblem.notHeard {
            return []
        }
    }

    /// "A random collection of songs from the given artist and similar artists."
    private func mix(ofArtist id: Int64, _ count: Int) async throws -> [Track] {
        let artist = try await services.catalogue.artist(id: id)
        guard count > 0 else { return [] }
        let own = try await services.browser.topTracks(ofArtist: artist.id, count: SubsonicLists.maxSize)
        let pool = min(count * Self.poolShare, SubsonicLists.maxSize)
        var random = SystemRandomNumberGenerator()
        return ArtistMix.draw(count, own: own, similar: try await alike(.artist(id), pool), using: &random)
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
            artistID = try await services.catalogue.artist(named: name)?.id
        }
        guard let artistID, count > 0 else { return .node("topSongs", try await songs([], call)) }
        return .node("topSongs", try await songs(services.browser.topTracks(ofArtist: artistID, count: count), call))
    }
}
