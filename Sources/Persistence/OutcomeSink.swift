import Contracts
import Domain
import UseCases

/// Where the queue's transactions reach the catalogue. Every function runs inside the caller's transaction.
protocol OutcomeSink: Sendable {
    /// Upserts what was learned; answers, for each completion in order, what follows from it.
    /// Idempotent, and the same whatever the order in which files are settled.
    func apply(_ completions: [Completion], now: Int64, in connection: any Connection) throws -> [Consequence]

    /// Keeps the reason why a file is not in the catalogue, so that a quick scan does not try it again.
    func recordDeath(of payload: TaskPayload, failure: Failure, now: Int64, in connection: any Connection) throws

    /// The folders known in the scope of the scan.
    func knownFolders(in scope: ScanScope, in connection: any Connection) throws -> [KnownFolder]

    /// Compares whole folders with the catalogue: what is new or changed becomes tasks, what moved is moved or kept
    /// for the end of the walk, what vanished is kept for the end of the walk.
    func reconcile(
        _ listings: [FolderListing], scope: ScanScope, now: Int64, in connection: any Connection
    ) throws -> Consequence

    /// Keeps for the end of the walk that no file is at these paths, of which a report asked.
    func noteGone(_ paths: [FilePath], scope: ScanScope, in connection: any Connection) throws

    /// What the end of a walk asks for, in steps of bounded size. Reads only.
    /// - Parameter marked: tracks that this scan has marked missing so far, before it was interrupted.
    func steps(
        _ phase: ScanPhase, scope: ScanScope, marked: Int, in connection: any Connection
    ) throws -> [ScanEndStep]

    /// Carries out one step; nil, and nothing is done, when the catalogue is not any more what the step was made for.
    func carryOut(
        _ step: ScanEndStep, scope: ScanScope, now: Int64, in connection: any Connection
    ) throws -> Consequence?

    /// The file that a task works on; nil for a walk, and for a track that is not known.
    func file(of payload: TaskPayload, in connection: any Connection) throws -> FilePath?

    func hasAnalysis(
        contentKey: String, version: String, withFingerprint: Bool, in connection: any Connection
    ) throws -> Bool

    /// Fills in what the sender of a task left out (root, path, features). Throws `StoreError`.
    func complete(_ payload: TaskPayload, in connection: any Connection) throws -> TaskPayload
}

/// A finished attempt, as the catalogue sees it.
struct Completion {
    let taskID: Int64
    let payload: TaskPayload
    let outcome: Outcome
    let priority: Priority
    /// The scan that the task belongs to, if any.
    let scope: ScanScope?
}

/// What follows from a completion or a report: more tasks, and what to add to the scan's ledger.
struct Consequence {
    var tasks: [NewTask] = []
    var progress = ScanProgress()
    /// Shown to the user with the scan.
    var notice: String?
    /// Tracks that were found again: how many, by the scan that had marked them missing.
    var foundAgain: [Int64: Int] = [:]
    /// Paths outside the scope whose files may have moved into it.
    var suspects: [FilePath] = []
}

/// The scan that a task works for.
struct ScanScope: Hashable, Sendable {
    /// Row id, for joins; `id` is the UUID that people see.
    let rowID: Int64
    let id: String
    let path: FilePath
    let rootPath: FilePath
    let mode: Scan.Mode
    let priority: Priority
    let until: Scan.Stage
    /// However many files are gone, they are marked missing.
    let acceptMissing: Bool
    /// Of folders, it lists the one at `path` alone.
    var isShallow = false
    /// Microseconds since the epoch.
    let createdAt: Int64

    /// A condition on `folder`: the walk lists it, as long as it is there.
    func lists(_ dialect: Dialect) -> Query {
        isShallow ? CatalogueRows.isFolder(path, dialect) : CatalogueRows.isFolder(in: path, dialect)
    }
}

extension Consequence {
    /// A track that counted as missing is met again at another place.
    mutating func countFoundAgain(_ trackID: Int64, _ connection: any Connection) throws {
        let scan = try connection.first("SELECT missing_scan FROM track WHERE id = \(trackID) AND state = 1") {
            $0.int(0)
        }
        guard let scan = scan ?? nil else { return }
        foundAgain[scan, default: 0] += 1
    }
}
