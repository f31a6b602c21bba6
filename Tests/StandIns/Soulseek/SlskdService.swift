import Foundation
import Synchronization

/// slskd's API, `/api/v0`, with a small network of peers behind it.
package final class SlskdService: StandInService {
    package static let name = "slskd"

    let settings: SlskdSettings
    let surroundings: Surroundings
    private let shelf: SoulseekShelf
    private let state: Mutex<SlskdState>

    /// Seconds that a request to search or to download is worked on: who asks meanwhile is refused.
    private static let workSeconds = 0.03
    private static let maxDownloadRequests = 2

    package init(
        _ settings: SlskdSettings, peers: [SoulseekPeer] = SoulseekPeer.demo, shelf: SoulseekShelf,
        surroundings: Surroundings = .real
    ) {
        self.settings = settings
        self.shelf = shelf
        self.surroundings = surroundings
        state = Mutex(SlskdState(peers: peers))
    }

    var now: Double { surroundings.now() }

    package func reply(to request: Request) async -> Reply {
        if request.path == "/health" { return .text("Healthy") }
        guard request.segments.prefix(2) == ["api", "v0"] else { return .html("slskd") }
        let path = Array(request.segments.dropFirst(2))
        do throws(SlskdRefusal) {
            if let open = try session(path, request) { return open }
            guard isSignedIn(request) else { throw SlskdRefusal(401) }
            switch path.first {
            case "searches" where request.method == "POST" && path.count == 1: return try await search(request)
            case "transfers" where request.method == "POST": return try await download(path, request)
            case "files": return try SlskdFiles(root: settings.downloads).answer(Array(path.dropFirst()), request)
            default: return try change { state throws(SlskdRefusal) in try route(path, request, &state) }
            }
        } catch {
            return error.reply
        }
    }

    private func route(_ path: [String], _ request: Request, _ state: inout SlskdState) throws(SlskdRefusal) -> Reply {
        let rest = Array(path.dropFirst())
        switch path.first {
        case "session": return Reply(status: 200)
        case "application", "server":
            return try SlskdServer(settings: settings, now: now).answer(path, request, &state)
        case "searches":
            return try SlskdSearchRoutes(now: now, timeScale: settings.timeScale).answer(rest, request, &state)
        case "transfers" where rest.first == "downloads":
            let rest = Array(rest.dropFirst())
            if settings.hasBatches, rest.first == "batches", rest.count == 2 { return try batch(rest[1], state) }
            return try SlskdTransferRoutes(now: now).answer(rest, request, &state)
        case "events" where request.method == "GET": return try SlskdEvents.page(state, request.query)
        case "events" where request.method == "POST" && SlskdEvents.types.contains(rest.first ?? ""):
            let id = surroundings.uuid()
            state.add(SlskdState.Event(id: id, time: now, type: rest[0], data: ["id": .string(id), "version": 0]))
            return Reply(status: 201)
        case "users": return try SlskdUsers(peers: state.peers).answer(rest, request)
        default: throw SlskdRefusal(404)
        }
    }

    private func batch(_ id: String, _ state: SlskdState) throws(SlskdRefusal) -> Reply {
        guard ListenSubmission.isUUID(id) else { throw SlskdRefusal(400, "The id is no GUID") }
        guard let batch = state.batches.first(where: { $0.id == id.lowercased() }) else { throw SlskdRefusal(404) }
        return .json(SlskdDownloads.json(of: batch, state, now: now))
    }

    func change<Value: Sendable>(
        _ body: (inout SlskdState) throws(SlskdRefusal) -> Value
    ) throws(SlskdRefusal) -> Value {
        let result = state.withLock { state in
            Result { () throws(SlskdRefusal) in try body(&state) }
        }
        return try result.get()
    }

    // MARK: Signing in

    /// What is open to everybody; nil for the rest.
    private func session(_ path: [String], _ request: Request) throws(SlskdRefusal) -> Reply? {
        switch (request.method, path) {
        case ("GET", ["session", "enabled"]): return .json(true)
        case ("POST", ["session"]):
            guard let json = request.json, let name = json["username"]?.string, !name.isEmpty,
                let password = json["password"]?.string, !password.isEmpty
            else { throw SlskdRefusal(400, "Username and password are required") }
            guard name == settings.username, password == settings.password else { throw SlskdRefusal(401) }
            let issued = surroundings.seconds
            let expires = issued + SlskdServer.sessionSeconds
            let token = "eyJhbGciOiJIUzI1NiJ9.\(surroundings.random(24)).\(surroundings.random(16))"
            state.withLock { $0.tokens[token] = Double(expires) }
            return .json([
                "expires": .int(expires), "issued": .int(issued), "name": .string(name), "notBefore": .int(issued),
                "token": .string(token), "tokenType": "Bearer",
            ])
        default: return nil
        }
    }

    private func isSignedIn(_ request: Request) -> Bool {
        if request.header("x-api-key") == settings.apiKey { return true }
        guard let token = request.credentials("Bearer") else { return false }
        return state.withLock { $0.tokens[token] ?? 0 } > now
    }

    // MARK: What takes a while

    private func search(_ request: Request) async throws(SlskdRefusal) -> Reply {
        try change { state throws(SlskdRefusal) in
            guard state.searchesInFlight == 0 else { throw SlskdRefusal.busy }
            state.searchesInFlight += 1
        }
        defer { state.withLock { $0.searchesInFlight -= 1 } }
        await work()
        let search = try change { state throws(SlskdRefusal) in
            try SlskdSearchRoutes(now: now, timeScale: settings.timeScale).begin(
                request, &state, id: surroundings.uuid())
        }
        return .json(search.json(at: now, withResponses: false))
    }

    private func download(_ path: [String], _ request: Request) async throws(SlskdRefusal) -> Reply {
        guard path.count == 3, path[1] == "downloads" else { throw SlskdRefusal(404) }
        try change { state throws(SlskdRefusal) in
            guard state.downloadsInFlight < Self.maxDownloadRequests else { throw SlskdRefusal.busy }
            state.downloadsInFlight += 1
        }
        defer { state.withLock { $0.downloadsInFlight -= 1 } }
        await work()
        let isBatch = settings.hasBatches && path[2] == "batches"
        let list = isBatch ? request.json?["files"]?.array : request.json?.array
        let wanted = try SlskdDownloads.wanted(list)
        let name = isBatch ? request.json?["username"]?.string ?? "" : path[2]
        let downloads = SlskdDownloads(
            now: now, timeScale: settings.timeScale, sizes: await sizes(of: wanted.map(\.filename), from: name))
        return try change { state throws(SlskdRefusal) in
            isBatch
                ? try downloads.batch(request.json, &state, ids: surroundings.uuid)
                : try downloads.enqueue(wanted, from: name, &state, ids: surroundings.uuid)
        }
    }

    private func work() async {
        try? await Task.sleep(for: .seconds(Self.workSeconds))  // only closing ends it early
    }

    private func sizes(of names: [String], from peer: String) async -> [String: Int] {
        let files = state.withLock { $0.peer(peer)?.files ?? [] }
        var sizes: [String: Int] = [:]
        for file in files where names.contains(file.remoteName) {
            // A file that cannot be made is as large as the client believes.
            if let json = try? await SlskdFinder(shelf: shelf).json(of: file) {  // as said above
                sizes[file.remoteName] = json["size"]?.int
            }
        }
        return sizes
    }

    // MARK: What happens by itself

    package func tick() async {
        let searches = state.withLock { $0.searches.filter { $0.found == nil && $0.failedAt == nil } }
        for search in searches { await find(search) }
        let now = now
        let arrived = state.withLock { state in
            state.transfers.filter {
                $0.localPath == nil && $0.standing(at: now).state == "InProgress" && $0.course(at: now).hasSucceeded
            }
        }
        for transfer in arrived { await deliver(transfer) }
    }

    private func find(_ search: SlskdSearch) async {
        let peers = state.withLock { $0.peers }
        // Nil when what matches could not be made: the search has failed.
        let hits = try? await SlskdFinder(shelf: shelf).hits(search.text, in: peers, search.filter)  // as said
        let now = now
        state.withLock { state in
            guard let index = state.searches.firstIndex(where: { $0.id == search.id }) else { return }
            if let hits { state.searches[index].found = (now, hits) } else { state.searches[index].failedAt = now }
        }
    }

    private func deliver(_ transfer: SlskdTransfer) async {
        let origin = state.withLock { state in
            state.peer(transfer.username)?.files.first { $0.remoteName == transfer.filename }?.origin
        }
        let now = now
        let delivery = SlskdDelivery(downloads: settings.downloads, isOverwriting: settings.isOverwriting)
        let stamp = Int(now * 1000)
        guard let origin, let source = try? await shelf.file(origin),  // it was there when its size was read
            let path = try? delivery.deliver(transfer, from: source, stamp: stamp)  // tried again at the next tick
        else { return }
        state.withLock { state in
            guard let index = state.transfers.firstIndex(where: { $0.id == transfer.id }) else { return }
            state.transfers[index].localPath = path
            state.add(
                SlskdEvents.fileComplete(state.transfers[index], at: path, id: surroundings.uuid(), now: now))
            let folder = SlskdText.directory(of: transfer.filename)
            let isOpen = state.transfers.contains {
                $0.username == transfer.username && SlskdText.directory(of: $0.filename) == folder
                    && !$0.standing(at: now).isFinal
            }
            guard !isOpen else { return }
            let local = URL(filePath: path).deletingLastPathComponent().path
            state.add(SlskdEvents.directoryComplete(transfer, at: local, id: surroundings.uuid(), now: now))
        }
    }

    /// `POST /__control/peers [{"name", "online"?, "manner"?, "queue"?, "free"?}]`; `disconnect` and `connect` the
    /// network; `GET state`.
    package func control(_ command: String, _ request: Request) async -> Reply? {
        switch command {
        case "peers" where request.method == "POST":
            let known = state.withLock { state in
                (request.json?.array ?? []).allSatisfy { Self.apply($0, to: &state) }
            }
            return known ? Reply(status: 204) : .json(["error": "unknown peer or manner"], status: 400)
        case "disconnect", "connect":
            state.withLock { $0.setConnected(command == "connect", now: now, id: surroundings.uuid()) }
            return Reply(status: 204)
        case "state":
            let peers = state.withLock { $0.peers }.map { peer -> JSON in
                [
                    "name": .string(peer.name), "online": .bool(peer.isOnline), "manner": .string(peer.manner.rawValue),
                    "files": .int(peer.files.count),
                ]
            }
            return .json(["downloads": .string(settings.downloads.path), "peers": .array(peers)])
        default: return nil
        }
    }

    private static func apply(_ json: JSON, to state: inout SlskdState) -> Bool {
        guard let index = state.peers.firstIndex(where: { $0.name == json["name"]?.string }) else { return false }
        if let name = json["manner"]?.string {
            guard let manner = SoulseekPeer.Manner(rawValue: name) else { return false }
            state.peers[index].manner = manner
        }
        state.peers[index].isOnline = json["online"]?.bool ?? state.peers[index].isOnline
        state.peers[index].hasFreeSlot = json["free"]?.bool ?? state.peers[index].hasFreeSlot
        state.peers[index].queueLength = json["queue"]?.int ?? state.peers[index].queueLength
        return true
    }
}
