/// A search of the network: what it has found, and how it stands at a given time.
struct SlskdSearch: Sendable {
    /// What one peer answers.
    struct Hit: Sendable {
        let username: String
        let files: [JSON]
        let lockedFiles: [JSON]
        let hasFreeSlot: Bool
        let queueLength: Int
        let uploadSpeed: Int
    }

    struct Limits: Sendable {
        /// Seconds without an answer after which it ends.
        var timeout = 15.0
        var responses = 250
        var files = 25_000
    }

    struct Standing: Sendable {
        let state: String
        let endedAt: Double?
        let arrived: [Hit]

        var isComplete: Bool { endedAt != nil }
    }

    let id: String
    let text: String
    let token: Int
    let limits: Limits
    let filter: SlskdFinder.Filter
    let timeScale: Double
    let startedAt: Double
    /// When the answers were known, and what they are; nil while they are put together.
    var found: (at: Double, hits: [Hit])?
    var cancelledAt: Double?
    var failedAt: Double?

    /// Seconds between two answers, and until the search is sent at all.
    private static let pause = 0.2
    private static let sending = 0.1

    func standing(at now: Double) -> Standing {
        let natural = ending
        let broken = [cancelledAt.map { ($0, "Cancelled") }, failedAt.map { ($0, "Errored") }].compactMap { $0 }
            .min { $0.0 < $1.0 }
        var ending = natural
        if let broken, broken.0 < (natural?.at ?? .infinity) { ending = (broken.0, broken.1) }
        let time = min(now, ending?.at ?? now)
        let arrived = arrivals.filter { $0.at <= time }.map(\.hit)
        if let ending, ending.at <= now {
            return Standing(state: "Completed, \(ending.how)", endedAt: ending.at, arrived: arrived)
        }
        let isSent = now >= startedAt + Self.sending * timeScale
        return Standing(state: isSent ? "InProgress" : "Requested", endedAt: nil, arrived: arrived)
    }

    private var arrivals: [(at: Double, hit: Hit)] {
        guard let found else { return [] }
        let start = max(startedAt + Self.sending * timeScale, found.at)
        return found.hits.enumerated().map { (start + Self.pause * timeScale * Double($0 + 1), $1) }
    }

    /// When it ends by itself: the timeout runs from the last answer.
    private var ending: (at: Double, how: String)? {
        guard let found else { return nil }
        var files = 0
        for (index, arrival) in arrivals.enumerated() {
            files += arrival.hit.files.count
            if index + 1 >= limits.responses { return (arrival.at, "ResponseLimitReached") }
            if files >= limits.files { return (arrival.at, "FileLimitReached") }
        }
        let last = arrivals.last?.at ?? max(startedAt, found.at)
        return (last + limits.timeout * timeScale, "TimedOut")
    }

    func json(at now: Double, withResponses: Bool) -> JSON {
        let standing = standing(at: now)
        return JSON.object([
            .init(name: "id", value: .string(id)), .init(name: "searchText", value: .string(text)),
            .init(name: "token", value: .int(token)), .init(name: "state", value: .string(standing.state)),
            .init(name: "isComplete", value: .bool(standing.isComplete)),
            .init(name: "startedAt", value: SlskdText.date(startedAt)),
            .init(name: "endedAt", value: standing.endedAt.map { SlskdText.date($0) } ?? .null),
            .init(name: "responseCount", value: .int(standing.arrived.count)),
            .init(name: "fileCount", value: .int(standing.arrived.reduce(0) { $0 + $1.files.count })),
            .init(name: "lockedFileCount", value: .int(standing.arrived.reduce(0) { $0 + $1.lockedFiles.count })),
            .init(name: "responses", value: .array(withResponses ? responses(at: now) : [])),
        ]).withoutNulls
    }

    /// Stored only when the search has ended: none before.
    func responses(at now: Double) -> [JSON] {
        let standing = standing(at: now)
        guard standing.isComplete else { return [] }
        return standing.arrived.map { hit in
            [
                "username": .string(hit.username), "token": .int(token),
                "hasFreeUploadSlot": .bool(hit.hasFreeSlot), "queueLength": .int(hit.queueLength),
                "uploadSpeed": .int(hit.uploadSpeed), "fileCount": .int(hit.files.count), "files": .array(hit.files),
                "lockedFileCount": .int(hit.lockedFiles.count), "lockedFiles": .array(hit.lockedFiles),
            ]
        }
    }
}
