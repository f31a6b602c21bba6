import Contracts
import Domain
import Synchronization
import UseCases

/// The ports of the API over a few dictionaries. Only the API's own behaviour is tested with it; the real stores have
/// tests of their own.
final class MemoryStore: Sendable {
    struct State {
        var scans: [Scan] = []
        var roots: [FilePath] = []
        var upkeeps: [FilePath: RootUpkeep] = [:]
        /// What a watcher would say, by the number of the root.
        var upkeepStates: [Int64: RootUpkeepState] = [:]
        var tasks: [TaskRecord] = []
        var newTasks: [NewTask] = []
        var newScans: [NewScan] = []
        var runs: [Int64: [TaskRun]] = [:]
        var events: [Int64: [TaskEvent]] = [:]
        var paused: Set<Role> = []
        var workers: [WorkerStatus] = []
        var tracks: [Track] = []
        var similarQuestions: [SimilarQuestion] = []
        var pathQuestions: [PathQuestion] = []
        var radioQuestions: [RadioQuestion] = []
        var duplicates: [DuplicateGroup] = []
        var albums: [Album] = []
        var artists: [Artist] = []
        var covers: [String: CoverImage] = [:]
        var tokens: [(token: AccessToken, secret: String)] = []
        var accounts: [Account] = []
        var passwords: [Int64: String] = [:]
        /// By account.
        var plays: [Int64: [Play]] = [:]
        var connections: [Int64: [ServiceConnection]] = [:]
        var marks: [Int64: [MarkSubject: Mark]] = [:]
        /// The lists of albums that were asked for, and the seeds of those by chance.
        var albumQuestions: [(list: AlbumList, choice: AlbumChoice)] = []
        var seeds: [Int64?] = []
        var playlists: [(playlist: Playlist, trackIDs: [Int64])] = []
        var playQueues: [Int64: PlayQueue] = [:]
        /// What another player saves right before the next one does.
        var playerBetween: [PlayQueue] = []
        var files: [FilePath: [UInt8]] = [:]
        var mapProblem: MapProblem?
        var idempotency: [String: (request: String, answer: String)] = [:]
        var actors: [String] = []
        var verifications = 0
        var appPasswordReadings = 0
        /// Thrown by a search for what words mean.
        var semanticProblem: SemanticProblem?
        /// What was asked of services outside.
        var questions: [String] = []
        var hasSources = true
        /// What a service says instead of what it always says.
        var facts: OutsideFacts?
        var taskOfTrack: TaskRecord?
        var announcements: [ToldAnnouncement] = []
        /// Questions after announcements.
        var looks = 0
        var taskHistory: [TaskKind: [Int64: TaskTally]] = [:]
        var queueHistory: [Role: [Int64: DepthTally]] = [:]
        var webhooks: [(webhook: Webhook, target: WebhookTarget)] = []
        /// Thrown by every call except `verify`.
        var failure: StoreError?
        var changeCounter: Int64 = 0
        var readiness: [String: String?] = ["database": nil, "queue": nil]
    }

    let state: Mutex<State>
    /// Closed: sign-in, readiness and the list of queues hang, as over a database that does not answer.
    let gate = Gate()

    /// 2026-01-01T00:00:00Z
    static let now: Int64 = 1_767_225_600_000_000

    init(_ change: (inout State) -> Void = { _ in }) {
        var state = State()
        change(&state)
        self.state = Mutex(state)
    }

    /// Runs unless a failure is set.
    func perform<Value>(_ body: (inout State) throws -> Value) throws -> Value {
        try state.withLock { state in
            if let failure = state.failure { throw failure }
            return try body(&state)
        }
    }

    func change<Value: Sendable>(_ body: (inout State) -> Value) -> Value {
        state.withLock { body(&$0) }
    }

    static func page<Item>(_ items: [Item], _ request: PageRequest) throws -> Page<Item> {
        var start = 0
        if let cursor = request.cursor {
            guard let offset = Int(cursor), items.indices.contains(offset) else {
                throw StoreError.preconditionFailed("no such cursor")
            }
            start = offset
        }
        let end = min(items.count, start + request.limit)
        return Page(items: Array(items[start..<end]), nextCursor: end < items.count ? String(end) : nil)
    }

    /// The first answer for this key, or nil; a conflict when the request was another one.
    static func replay(_ key: String?, _ request: String, in state: State) throws -> String? {
        guard let key, let first = state.idempotency[key] else { return nil }
        guard first.request == request else { throw StoreError.conflict("the key was used for another request") }
        return first.answer
    }
}
