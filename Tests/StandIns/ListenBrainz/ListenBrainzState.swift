/// What ListenBrainz remembers of its users.
struct ListenBrainzState: Sendable {
    struct Feedback: Sendable {
        /// `recording_mbid` or `recording_msid`.
        let kind: String
        let id: String
        let score: Int
        let created: Int
    }

    struct Playing: Sendable {
        let listen: Listen
        let until: Int
    }

    struct Kept: Sendable {
        let listen: Listen
        let inserted: Int
    }

    /// Listens kept of a user; the oldest go first.
    static let maxListens = 100_000
    /// Seconds that something plays of which no duration is known.
    static let playingSeconds = 600

    /// By user, in the order of arrival, each once.
    var listens: [String: [Kept]] = [:]
    private var known: [String: Set<String>] = [:]
    /// Listens that came again.
    var repeated = 0
    var playing: [String: Playing] = [:]
    var feedback: [String: [Feedback]] = [:]
    var windows = RateWindow(seconds: 10)

    init(windowSeconds: Int) { windows = RateWindow(seconds: windowSeconds) }

    mutating func add(_ submission: ListenSubmission, of user: String, now: Int) {
        for listen in submission.listens {
            guard submission.kind != .playingNow else {
                let info = listen.metadata["additional_info"]
                let duration = info?["duration_ms"]?.int.map { $0 / 1000 } ?? info?["duration"]?.int
                playing[user] = Playing(listen: listen, until: now + (duration ?? Self.playingSeconds))
                continue
            }
            guard known[user, default: []].insert(listen.identity).inserted else {
                repeated += 1
                continue
            }
            if listens[user, default: []].count >= Self.maxListens { listens[user]?.removeFirst(Self.maxListens / 10) }
            listens[user, default: []].append(Kept(listen: listen, inserted: now))
        }
    }

    mutating func set(_ new: Feedback, of user: String) {
        feedback[user, default: []].removeAll { $0.id == new.id }
        if new.score != 0 { feedback[user, default: []].append(new) }
    }

    var json: JSON {
        let all = listens.sorted { $0.key < $1.key }.flatMap { user, kept in
            kept.map { item -> JSON in
                [
                    "user": .string(user), "listened_at": JSON(item.listen.listenedAt),
                    "artist_name": .string(item.listen.artist), "track_name": .string(item.listen.track),
                ]
            }
        }
        return ["listens": .array(all), "repeated": .int(repeated)]
    }
}
