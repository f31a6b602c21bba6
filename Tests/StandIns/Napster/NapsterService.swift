import Synchronization

/// Napster's API 2.2, which has closed: only this plays it.
package final class NapsterService: StandInService {
    package static let name = "napster"

    private let settings: NapsterSettings
    private let store: CatalogueStore
    private let painter: CoverPainter
    private let surroundings: Surroundings
    private let state = Mutex(NapsterState())

    private static let standardLimit = 20
    private static let maxLimit = 200

    package init(
        _ settings: NapsterSettings = NapsterSettings(), store: CatalogueStore, painter: CoverPainter,
        surroundings: Surroundings = .real
    ) {
        self.settings = settings
        self.store = store
        self.painter = painter
        self.surroundings = surroundings
    }

    /// `POST /__control/expire`: every access token has expired. `revoke`: the refresh tokens, too.
    package func control(_ command: String, _ request: Request) async -> Reply? {
        switch command {
        case "expire": state.withLock { $0.access = [:] }
        case "revoke":
            state.withLock { state in
                state.access = [:]
                state.refresh = [:]
            }
        case "catalogue": return store.control(request)
        default: return nil
        }
        return Reply(status: 204)
    }

    package func reply(to request: Request) async -> Reply {
        do throws(NapsterError) {
            switch request.segments.first {
            case "oauth": return try oauth(request)
            case "v2.2": return try api(request)
            case "imageserver": return try await image(request)
            default: throw NapsterError(404, "\(request.path) does not exist")
            }
        } catch {
            return error.reply
        }
    }

    // MARK: Coming in

    private func oauth(_ request: Request) throws(NapsterError) -> Reply {
        let oauth = NapsterOAuth(settings: settings, now: surroundings.seconds, random: surroundings.random)
        let path = request.segments.dropFirst().first ?? ""
        let result = state.withLock { state in
            Result { () throws(NapsterError) in
                switch (request.method, path) {
                case ("GET", "authorize"): return try oauth.authorize(request.query, &state)
                case ("POST", "access_token"): return try oauth.token(request.form, &state)
                case ("POST", "token"): return try oauth.password(request, &state)
                default: throw NapsterError(404, "\(request.path) does not exist")
                }
            }
        }
        return try result.get()
    }

    private func user(_ request: Request) throws(NapsterError) -> String {
        guard let token = request.credentials("Bearer"), let access = state.withLock({ $0.access[token] }),
            access.expires > surroundings.seconds
        else { throw .expired }
        return access.user
    }

    /// The application, by its key or by a member's token; a token that has expired is refused everywhere.
    private func checkAccess(_ request: Request) throws(NapsterError) {
        if request.header("authorization") != nil { _ = try user(request) }
        let key = request.header("apikey") ?? request.query["apikey"]
        guard request.header("authorization") != nil || key.map({ settings.secrets[$0] != nil }) == true else {
            throw .noKey
        }
        let standing = state.withLock {
            $0.windows.count(key ?? "member", limit: settings.perSecond, now: surroundings.seconds)
        }
        if standing.isOver { throw NapsterError(429, "Too many requests") }
    }

    // MARK: The catalogue

    private func api(_ request: Request) throws(NapsterError) -> Reply {
        try checkAccess(request)
        guard request.method == "GET" else { throw NapsterError(405, "\(request.method) is not allowed") }
        let path = Array(request.segments.dropFirst())
        let known = NapsterCatalogue(catalogue: store.now, origin: request.origin)
        switch (path.first, path.count) {
        case ("search", 1...2): return try search(request.query, known)
        case ("tracks", 2): return list("tracks", path[1].split(separator: ",").compactMap { known.track(String($0)) })
        case ("artists", 2...): return try artists(path, request.query, known)
        case ("albums", 2...): return try albums(path, known)
        case ("genres", 1): return list("genres", known.genres)
        case ("me", 2...): return try member(path[1], request)
        default: throw NapsterError(404, "\(request.path) does not exist")
        }
    }

    private func search(_ query: Parameters, _ known: NapsterCatalogue) throws(NapsterError) -> Reply {
        guard let text = query.filled("query") else { throw NapsterError(400, "query is missing") }
        let types = Set((query["type"] ?? "track,artist,album").split(separator: ",").map(String.init))
        guard types.isSubset(of: ["track", "artist", "album", "playlist", "tag"]) else {
            throw NapsterError(400, "Unknown type")
        }
        let found = known.search(text)
        let limit = query.int("per_type_limit") ?? query.int("limit") ?? Self.standardLimit
        let offset = query.int("per_type_offset") ?? query.int("offset") ?? 0
        var data: [JSON.Member] = []
        var (total, returned) = (0, 0)
        for (type, items) in [("track", found.tracks), ("artist", found.artists), ("album", found.albums)] {
            let wanted = types.contains(type) ? items : []
            let page = wanted.dropFirst(max(0, offset)).prefix(min(max(limit, 0), Self.maxLimit))
            total += wanted.count
            returned += page.count
            data.append(JSON.Member(name: type + "s", value: .array(Array(page))))
        }
        let order = data.flatMap { ($0.value.array ?? []).compactMap { $0["id"] } }
        data.append(JSON.Member(name: "order", value: .array(order)))
        return .json([
            "meta": ["totalCount": .int(total), "returnedCount": .int(returned)],
            "search": ["query": .string(text), "data": .object(data)],
        ])
    }

    private func artists(_ path: [String], _ query: Parameters, _ known: NapsterCatalogue) throws(NapsterError) -> Reply
    {
        guard let index = known.artistIndex(path[1]) else { return list("artists", []) }
        let artist = known.catalogue.artists[index]
        switch path.dropFirst(2).joined(separator: "/") {
        case "": return list("artists", [known.artist(at: index)])
        case "similar":
            let similar = known.catalogue.similar(to: artist, limit: 10).compactMap { known.artistIndex(of: $0.thing) }
            return list("artists", similar.map { known.artist(at: $0) })
        case "tracks/top", "tracks": return list("tracks", page(known.tracks(of: artist), query))
        case "albums": return list("albums", page(known.albums(of: artist).map { known.album(at: $0) }, query))
        case "images": return list("images", [])
        default: throw NapsterError(404, "There is no such list")
        }
    }

    private func albums(_ path: [String], _ known: NapsterCatalogue) throws(NapsterError) -> Reply {
        let what = path.dropFirst(2).joined(separator: "/")
        guard let index = known.albumIndex(path[1]) else { return list(what == "tracks" ? "tracks" : "albums", []) }
        switch what {
        case "": return list("albums", [known.album(at: index)])
        case "tracks": return list("tracks", known.tracks(of: known.catalogue.releases[index]))
        default: throw NapsterError(404, "There is no such list")
        }
    }

    private func member(_ what: String, _ request: Request) throws(NapsterError) -> Reply {
        let user = try user(request)
        switch what {
        case "account":
            return .json(["account": ["id": "1", "userName": .string(user), "country": "DE", "catalog": "DE"]])
        case "favorites": return .json(["favorites": ["data": ["tracks": [], "artists": [], "albums": []]]])
        case "library": return list("tracks", [])
        default: throw NapsterError(404, "There is no such list")
        }
    }

    private func page(_ items: [JSON], _ query: Parameters) -> [JSON] {
        let limit = min(max(query.int("limit") ?? Self.standardLimit, 0), Self.maxLimit)
        return Array(items.dropFirst(max(0, query.int("offset") ?? 0)).prefix(limit))
    }

    private func list(_ name: String, _ items: [JSON]) -> Reply {
        let meta: JSON = ["totalCount": .int(items.count), "returnedCount": .int(items.count)]
        return .json(.object([JSON.Member(name: "meta", value: meta), JSON.Member(name: name, value: .array(items))]))
    }

    /// `/imageserver/v2/albums/{id}/images/500x500.jpg`.
    private func image(_ request: Request) async throws(NapsterError) -> Reply {
        let path = request.segments
        let known = NapsterCatalogue(catalogue: store.now, origin: request.origin)
        guard path.count == 6, path[2] == "albums", let index = known.albumIndex(path[3]),
            let side = Int(path[5].prefix { $0.isNumber }), (1...1_500).contains(side),
            let seed = known.catalogue.releases[index].coverSeed
        else { throw NapsterError(404, "There is no such image") }
        do {
            return Reply(type: "image/jpeg", body: try await painter.cover(seed: seed, side: side, format: .jpg))
        } catch {
            throw NapsterError(500, "\(error)")
        }
    }
}
