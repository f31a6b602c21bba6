/// What changes a user's profile: now playing, scrobbles, loved tracks.
struct LastFMWrites {
    let settings: LastFMSettings
    let catalogue: Catalogue
    let call: LastFMCall
    let user: String
    let now: Int

    /// Scrobbles of one call.
    static let maxBatch = 50
    /// Seconds after which a play is too old.
    static let maxAge = 14 * 86_400
    /// Seconds that a play may lie in the future.
    static let maxAhead = 600

    private enum Ignored: Int {
        case none = 0
        case artist, track, tooOld, tooNew, dailyLimit

        var text: String {
            switch self {
            case .none: ""
            case .artist: "Artist was ignored"
            case .track: "Track was ignored"
            case .tooOld: "Timestamp was too old"
            case .tooNew: "Timestamp was too new"
            case .dailyLimit: "Daily scrobble limit exceeded"
            }
        }

        var node: Node { Node("ignoredMessage", text, [("code", .string("\(rawValue)"))]) }
    }

    func answer(_ state: inout LastFMState) throws(LastFMError) -> Node? {
        switch call.method {
        case "track.scrobble": return try scrobble(&state)
        case "track.updatenowplaying": return try nowPlaying(&state)
        default:
            let title = LastFMState.Title(artist: try call.required("artist"), track: try call.required("track"))
            state.loved[user, default: []].removeAll { $0 == title }
            if call.method == "track.love" { state.loved[user, default: []].append(title) }
            return nil
        }
    }

    private func nowPlaying(_ state: inout LastFMState) throws(LastFMError) -> Node {
        let (artist, track) = (try call.required("artist"), try call.required("track"))
        state.playing[user] = LastFMState.Title(artist: artist, track: track)
        let ignored = ignoredName(artist: artist, track: track) ?? .none
        return Node("nowplaying", children: echo(artist: artist, track: track, suffix: "") + [ignored.node])
    }

    private func scrobble(_ state: inout LastFMState) throws(LastFMError) -> Node {
        let suffixes = try suffixes()
        let today = state.countToday(user, now: now)
        var nodes: [Node] = []
        var accepted = 0
        var plays: [LastFMState.Scrobble] = []
        for suffix in suffixes {
            let (artist, track) = (try call.required("artist\(suffix)"), try call.required("track\(suffix)"))
            guard let timestamp = Int(try call.required("timestamp\(suffix)")) else {
                throw LastFMError(6, "Invalid parameters - timestamp\(suffix) is no number")
            }
            let ignored = ignored(artist: artist, track: track, timestamp: timestamp, today: today + accepted)
            if ignored == .none {
                accepted += 1
                plays.append(
                    LastFMState.Scrobble(
                        user: user, artist: artist, track: track, album: call.parameters["album\(suffix)"] ?? "",
                        timestamp: timestamp, received: now))
            }
            let stamp = Node("timestamp", "\(timestamp)")
            nodes.append(
                Node(
                    "scrobble", children: echo(artist: artist, track: track, suffix: suffix) + [stamp, ignored.node]))
        }
        // All or nothing: a call that is refused leaves no play behind.
        plays.forEach { state.add($0) }
        let counts: [(name: String, value: JSON)] = [
            ("accepted", .int(accepted)), ("ignored", .int(nodes.count - accepted)),
        ]
        return Node("scrobbles", counts, list: nodes, of: "scrobble")
    }

    /// What follows the names of each play: nothing for one alone, `[0]` and so on in a batch.
    private func suffixes() throws(LastFMError) -> [String] {
        guard call.parameters["artist"] == nil else { return [""] }
        let indices = call.parameters.items.compactMap { item -> Int? in
            guard item.name.hasPrefix("artist["), item.name.hasSuffix("]") else { return nil }
            return Int(item.name.dropFirst(7).dropLast())
        }.sorted()
        guard !indices.isEmpty else { throw LastFMError(6) }
        guard indices.allSatisfy({ (0..<Self.maxBatch).contains($0) }) else {
            throw LastFMError(6, "Invalid parameters - at most \(Self.maxBatch) scrobbles in a batch")
        }
        return indices.map { "[\($0)]" }
    }

    private func ignored(artist: String, track: String, timestamp: Int, today: Int) -> Ignored {
        if let name = ignoredName(artist: artist, track: track) { return name }
        if timestamp < now - Self.maxAge { return .tooOld }
        if timestamp > now + Self.maxAhead { return .tooNew }
        return today >= settings.dailyLimit ? .dailyLimit : .none
    }

    private func ignoredName(artist: String, track: String) -> Ignored? {
        if ["[unknown]", "unknown artist", "<unknown>"].contains(Names.key(artist)) { return .artist }
        return ["[untitled]", "unknown", "[unknown]"].contains(Names.key(track)) ? .track : nil
    }

    /// The names as they were sent, or as they are spelled here.
    private func echo(artist: String, track: String, suffix: String) -> [Node] {
        let spelled = catalogue.artist(named: artist, isLoose: true)?.name ?? artist
        let corrected: (Bool) -> [(name: String, value: JSON)] = { [("corrected", .string($0 ? "1" : "0"))] }
        return [
            Node("artist", spelled, corrected(spelled != artist)),
            Node("track", track, corrected(false)),
            Node("album", call.parameters["album\(suffix)"] ?? "", corrected(false)),
            Node("albumArtist", call.parameters["albumArtist\(suffix)"] ?? "", corrected(false)),
        ]
    }
}
