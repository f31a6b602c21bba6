/// What Last.fm remembers: tokens, sessions, what was played and loved.
struct LastFMState: Sendable {
    struct Scrobble: Sendable {
        let user: String
        let artist: String
        let track: String
        let album: String
        let timestamp: Int
        /// When it came, in seconds since 1970.
        let received: Int
    }

    struct Token: Sendable {
        let key: String
        let issued: Int
        var user: String?
    }

    struct Title: Hashable, Sendable {
        let artist: String
        let track: String
    }

    /// Scrobbles kept; the oldest go first.
    static let maxScrobbles = 100_000
    /// Seconds that a token lives.
    static let tokenSeconds = 3600

    var tokens: [String: Token] = [:]
    /// User names by session key.
    var sessions: [String: String] = [:]
    var scrobbles: [Scrobble] = []
    var playing: [String: Title] = [:]
    var loved: [String: [Title]] = [:]

    mutating func add(_ scrobble: Scrobble) {
        if scrobbles.count >= Self.maxScrobbles { scrobbles.removeFirst(Self.maxScrobbles / 10) }
        scrobbles.append(scrobble)
    }

    /// Scrobbles of a user on the day of this time.
    func countToday(_ user: String, now: Int) -> Int {
        scrobbles.count { $0.user == user && $0.received / 86_400 == now / 86_400 }
    }

    func plays(of title: Title, by user: String) -> Int {
        scrobbles.count {
            $0.user == user && Names.key($0.artist) == Names.key(title.artist)
                && Names.key($0.track) == Names.key(title.track)
        }
    }

    var json: JSON {
        let plays = scrobbles.map { play -> JSON in
            [
                "user": .string(play.user), "artist": .string(play.artist), "track": .string(play.track),
                "album": .string(play.album), "timestamp": .int(play.timestamp),
            ]
        }
        let loves = loved.sorted { $0.key < $1.key }.flatMap { user, titles in
            titles.map { ["user": .string(user), "artist": .string($0.artist), "track": .string($0.track)] as JSON }
        }
        return ["scrobbles": .array(plays), "loved": .array(loves), "sessions": .int(sessions.count)]
    }
}
