/// What slskd remembers: searches, downloads, events, and who is signed in.
struct SlskdState: Sendable {
    struct Event: Sendable {
        let id: String
        let time: Double
        let type: String
        let data: JSON
    }

    struct Batch: Sendable {
        let id: String
        let searchID: String?
        let username: String
        let createdAt: Double
        let destination: String?
    }

    /// Searches, downloads and events kept; the oldest go first.
    static let maxKept = 5_000

    var peers: [SoulseekPeer]
    var isConnected = true
    /// Ends by token, in seconds since 1970.
    var tokens: [String: Double] = [:]
    var searches: [SlskdSearch] = []
    var transfers: [SlskdTransfer] = []
    var batches: [Batch] = []
    var events: [Event] = []
    var lastToken = 1_000
    /// Requests that are being worked on, for the limits on how many there may be at once.
    var searchesInFlight = 0
    var downloadsInFlight = 0

    init(peers: [SoulseekPeer]) { self.peers = peers }

    func peer(_ name: String) -> SoulseekPeer? { peers.first { $0.name == name } }

    mutating func add(_ event: Event) {
        if events.count >= Self.maxKept { events.removeFirst(Self.maxKept / 10) }
        events.append(event)
    }

    mutating func add(_ transfer: SlskdTransfer) {
        if transfers.count >= Self.maxKept { transfers.removeFirst(Self.maxKept / 10) }
        transfers.append(transfer)
    }

    mutating func add(_ search: SlskdSearch) {
        if searches.count >= Self.maxKept { searches.removeFirst(Self.maxKept / 10) }
        searches.append(search)
    }

    /// Somebody's download that is not over.
    func isUnderWay(_ filename: String, from username: String, now: Double) -> Bool {
        transfers.contains {
            $0.username == username && $0.filename == filename && !$0.standing(at: now).isFinal
        }
    }
}
