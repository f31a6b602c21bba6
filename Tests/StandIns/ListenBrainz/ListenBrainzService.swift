import Synchronization

/// ListenBrainz's API, root `/1`, and the data sets of its labs beside it.
package final class ListenBrainzService: StandInService {
    package static let name = "listenbrainz"

    private let settings: ListenBrainzSettings
    private let store: CatalogueStore
    private let surroundings: Surroundings
    private let state: Mutex<ListenBrainzState>

    package init(
        _ settings: ListenBrainzSettings = ListenBrainzSettings(), store: CatalogueStore,
        surroundings: Surroundings = .real
    ) {
        self.settings = settings
        self.store = store
        self.surroundings = surroundings
        state = Mutex(ListenBrainzState(windowSeconds: settings.windowSeconds))
    }

    /// What a user has listened to, in the order of arrival, each listen once.
    package func listens(of user: String = "demo") -> [Listen] {
        state.withLock { $0.listens[user, default: []].map(\.listen) }
    }

    package func control(_ command: String, _ request: Request) async -> Reply? {
        switch command {
        case "state": .json(state.withLock { $0 }.json)
        case "catalogue": store.control(request)
        default: nil
        }
    }

    package func reply(to request: Request) async -> Reply {
        let now = surroundings.seconds
        let token = request.credentials("Token")
        let standing = state.withLock { state in
            if let token { return state.windows.count("token " + token, limit: settings.perToken, now: now) }
            return state.windows.count("address", limit: settings.perAddress, now: now)
        }
        let reply = standing.isOver ? Self.tooMany.reply : answer(request, token: token, now: now)
        return reply.adding("X-RateLimit-Limit", "\(standing.limit)")
            .adding("X-RateLimit-Remaining", "\(max(0, standing.remaining))")
            .adding("X-RateLimit-Reset", "\(standing.reset)")
            .adding("X-RateLimit-Reset-In", "\(standing.resetIn)")
    }

    private static let tooMany = ListenBrainzError(
        429,
        "You have exceeded your rate limit. See the X-RateLimit-* response headers for more information on your "
            + "current rate limit.")

    private func answer(_ request: Request, token: String?, now: Int) -> Reply {
        do throws(ListenBrainzError) {
            if request.segments.first == "1" { return try api(request, token: token, now: now) }
            return try ListenBrainzLabs(catalogue: store.now).answer(request)
        } catch {
            return error.reply
        }
    }

    private func api(_ request: Request, token: String?, now: Int) throws(ListenBrainzError) -> Reply {
        let path = Array(request.segments.dropFirst())
        let metadata = ListenBrainzMetadata(catalogue: store.now, request: request)
        switch (request.method, path.first, path.count) {
        case ("GET", "validate-token", 1): return try validate(token ?? request.query["token"])
        case ("POST", "submit-listens", 1):
            let user = try user(token)
            let submission = try ListenSubmission(request.body, now: now)
            state.withLock { $0.add(submission, of: user, now: now) }
            var answer: JSON = ["status": "ok"]
            if request.query["return_msid"] == "true", submission.kind == .playingNow,
                let first = submission.listens.first
            {
                answer = answer.adding(["recording_msid": .string(first.messyID)])
            }
            return .json(answer)
        case ("GET", "user", 3): return try readUser(path[1], path[2], request, now: now)
        case (_, "metadata", 2):
            if path[1] == "lookup" { _ = try user(token) }
            return try metadata.answer(path[1])
        case ("GET", "explore", 2) where path[1] == "lb-radio":
            _ = try user(token)
            return try ListenBrainzRadio(catalogue: store.now, request: request).prompt()
        case ("GET", "lb-radio", _):
            return try ListenBrainzRadio(catalogue: store.now, request: request).answer(Array(path.dropFirst()))
        case ("GET", "popularity", 3) where path[1] == "top-recordings-for-artist":
            _ = try user(token)
            return try ListenBrainzRadio(catalogue: store.now, request: request).top(path[2])
        case ("POST", "feedback", 2) where path[1] == "recording-feedback":
            let user = try user(token)
            let feedback = try ListenBrainzFeedback.read(request.json, now: now)
            state.withLock { $0.set(feedback, of: user) }
            return .json(["status": "ok"])
        case ("GET", "feedback", 4) where path[1] == "user" && path[3] == "get-feedback":
            let kept = state.withLock { $0.feedback[path[2]] ?? [] }
            try check(path[2])
            return try ListenBrainzFeedback.list(kept, of: path[2], request, catalogue: store.now)
        default: throw .notFound
        }
    }

    private func validate(_ token: String?) throws(ListenBrainzError) -> Reply {
        guard let token else { throw ListenBrainzError(400, "You need to provide an Authorization token.") }
        guard let user = settings.users[token] else {
            return .json(["code": 200, "message": "Token invalid.", "valid": false])
        }
        return .json(["code": 200, "message": "Token valid.", "valid": true, "user_name": .string(user)])
    }

    private func user(_ token: String?) throws(ListenBrainzError) -> String {
        guard let token else { throw .noToken }
        guard let user = settings.users[token] else { throw .badToken }
        return user
    }

    private func check(_ name: String) throws(ListenBrainzError) {
        guard settings.users.values.contains(name) else { throw ListenBrainzError(404, "Cannot find user: \(name)") }
    }

    private func readUser(
        _ name: String, _ what: String, _ request: Request, now: Int
    ) throws(ListenBrainzError) -> Reply {
        try check(name)
        let (kept, playing) = state.withLock { ($0.listens[name] ?? [], $0.playing[name]) }
        let history = ListenHistory(user: name, kept: kept, playing: playing)
        switch what {
        case "listens": return try history.page(request.query)
        case "listen-count": return .json(["payload": ["count": .int(kept.count)]])
        case "playing-now": return history.now(now)
        default: throw .notFound
        }
    }
}
