import Synchronization

/// Last.fm's API 2.0 (last.fm/api), with the page on which a user grants access.
package final class LastFMService: StandInService {
    package static let name = "lastfm"

    let settings: LastFMSettings
    let store: CatalogueStore
    let surroundings: Surroundings
    private let painter: CoverPainter
    private let state = Mutex(LastFMState())

    package init(
        _ settings: LastFMSettings = LastFMSettings(), store: CatalogueStore, painter: CoverPainter,
        surroundings: Surroundings = .real
    ) {
        self.settings = settings
        self.store = store
        self.painter = painter
        self.surroundings = surroundings
    }

    package func reply(to request: Request) async -> Reply {
        switch request.segments.first {
        case "2.0": return call(LastFMCall(request))
        case "api" where request.segments.dropFirst().first == "auth": return authorise(request)
        case "i": return await image(request)
        default: return .html("Page not found", status: 404)
        }
    }

    package func refusal(code: Int, to request: Request) -> Reply? {
        LastFMError(code).reply(isJSON: LastFMCall(request).isJSON)
    }

    package func control(_ command: String, _ request: Request) async -> Reply? {
        switch command {
        case "state": return .json(state.withLock { $0 }.json)
        case "catalogue": return store.control(request)
        case "revoke":
            state.withLock { $0.sessions = [:] }
            return Reply(status: 204)
        default: return nil
        }
    }

    /// A session as if a user had granted it, for tests that begin there.
    package func grantSession(user: String = "demo") -> String {
        let key = surroundings.random(16)
        state.withLock { $0.sessions[key] = user }
        return key
    }

    /// What was scrobbled, in the order of arrival: artist, track, timestamp.
    package var scrobbles: [(artist: String, track: String, timestamp: Int)] {
        state.withLock { $0.scrobbles.map { ($0.artist, $0.track, $0.timestamp) } }
    }

    private func call(_ call: LastFMCall) -> Reply {
        do {
            try call.checkKey(settings)
            let node = try answer(call)
            if call.isJSON {
                return .json(.object(node.map { [JSON.Member(name: $0.name, value: $0.json)] } ?? []))
            }
            return LastFMError.xml(status: "ok", node?.xml ?? "", httpStatus: 200)
        } catch {
            return error.reply(isJSON: call.isJSON)
        }
    }

    private func answer(_ call: LastFMCall) throws(LastFMError) -> Node? {
        let now = surroundings.seconds
        let reads = LastFMReads(catalogue: store.now, state: state.withLock { $0 }, call: call)
        switch call.method {
        case "track.getinfo": return try reads.trackInfo()
        case "track.getsimilar": return try reads.similarTracks()
        case "track.gettoptags": return try reads.trackTags()
        case "artist.getinfo": return try reads.artistInfo()
        case "artist.getsimilar": return try reads.similarArtists()
        case "artist.gettoptags": return try reads.artistTags()
        case "album.getinfo": return try reads.albumInfo()
        case "user.getinfo": return try reads.userInfo(settings)
        case "user.getrecenttracks": return try reads.recentTracks(settings)
        case "auth.gettoken", "auth.getsession", "auth.getmobilesession":
            try call.checkSignature(settings)
            return try change { state throws(LastFMError) in
                try LastFMAuth(settings: settings, call: call, now: now, random: surroundings.random).answer(&state)
            }
        case "track.scrobble", "track.updatenowplaying", "track.love", "track.unlove":
            return try change { state throws(LastFMError) in
                let user = try call.checkWrite(settings, state)
                return try LastFMWrites(settings: settings, catalogue: store.now, call: call, user: user, now: now)
                    .answer(&state)
            }
        default: throw LastFMError(3)
        }
    }

    private func change(
        _ body: (inout LastFMState) throws(LastFMError) -> Node?
    ) throws(LastFMError) -> Node? {
        let result = state.withLock { state in
            Result { () throws(LastFMError) in try body(&state) }
        }
        return try result.get()
    }

    /// The page on which a user says yes; this one says yes by itself.
    private func authorise(_ request: Request) -> Reply {
        guard let key = request.query["api_key"], settings.secrets[key] != nil else {
            return .html("Invalid API key", status: 400)
        }
        let now = surroundings.seconds
        if let token = request.query["token"] {
            let isKnown = state.withLock { state in
                state.tokens[token]?.user = settings.browserUser
                return state.tokens[token] != nil
            }
            return isKnown ? .html("You have granted permission") : .html("Unknown token", status: 400)
        }
        guard let callback = request.query["cb"] else { return .html("No callback", status: 400) }
        let token = surroundings.random(16)
        state.withLock {
            $0.tokens[token] = LastFMState.Token(key: key, issued: now, user: settings.browserUser)
        }
        return .redirect(to: callback + (callback.contains("?") ? "&" : "?") + "token=\(token)")
    }

    /// `/i/u/{size}/{hash}.png`.
    private func image(_ request: Request) async -> Reply {
        let file = request.segments.last ?? ""
        let side = LastFMImages.side(ofSize: request.segments.dropFirst(2).first ?? "")
        guard let seed = LastFMImages.coverSeed(ofFile: file, in: store.now), let side else {
            return .text("Not found", status: 404)
        }
        do {
            let picture = try await painter.cover(seed: seed, side: side, format: .png)
            return Reply(type: "image/png", body: picture)
        } catch {
            return .text("\(error)", status: 500)
        }
    }
}
