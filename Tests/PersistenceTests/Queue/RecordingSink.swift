import Contracts
import Domain
import Synchronization
import UseCases

@testable import Persistence

/// A catalogue that only counts: every effect is a row that is incremented inside the queue's transaction, which is
/// what shows whether effects happen once.
final class RecordingSink: OutcomeSink {
    struct Fault: Error {}

    /// Decides, completion by completion, whether the transaction is torn down in the middle.
    private let fault = Mutex<@Sendable (Completion) -> (any Error)?>({ _ in nil })
    /// True: deaths cannot be noted.
    private let refusesDeaths = Mutex(false)
    let mintsChains: Bool

    init(mintsChains: Bool = true) {
        self.mintsChains = mintsChains
    }

    func tearDown(when fault: @escaping @Sendable (Completion) -> (any Error)?) {
        self.fault.withLock { $0 = fault }
    }

    func refuseDeaths() { refusesDeaths.withLock { $0 = true } }

    static func createTables(in database: any Database) async throws {
        _ = try await database.write { connection in
            try connection.execute(
                "CREATE TABLE effect (task_id BIGINT NOT NULL, stage TEXT NOT NULL, count INTEGER NOT NULL, PRIMARY KEY (task_id, stage))"
            )
        }
    }

    func apply(_ completions: [Completion], now: Int64, in connection: any Connection) throws -> [Consequence] {
        try completions.map { completion in
            try count(completion.outcome.event, task: completion.taskID, in: connection)
            if let error = fault.withLock({ $0 })(completion) { throw error }
            return consequence(of: completion)
        }
    }

    private func consequence(of completion: Completion) -> Consequence {
        var consequence = Consequence()
        switch (completion.payload, completion.outcome) {
        case (.indexFile(let payload), _):
            consequence.progress.indexed = 1
            guard mintsChains else { break }
            let next = AnalyzeAudioPayload(
                trackID: completion.taskID, filePath: payload.filePath, rootPath: payload.rootPath,
                scanID: payload.scanID)
            consequence.tasks = [
                NewTask(
                    payload: .analyzeAudio(next), priority: completion.priority,
                    dedupeKey: "analyze \(completion.taskID)")
            ]
        case (.analyzeAudio, _): consequence.progress.analyzed = 1
        case (.scanLibrary, _): consequence.notice = "walked"
        default: break
        }
        return consequence
    }

    func recordDeath(of payload: TaskPayload, failure: Failure, now: Int64, in connection: any Connection) throws {
        if refusesDeaths.withLock({ $0 }) { throw Fault() }
        guard case .indexFile(let index) = payload else { return }
        try connection.execute(
            """
            INSERT INTO effect (task_id, stage, count) VALUES (-1, \("death of \(index.filePath.display)"), 1)
            ON CONFLICT (task_id, stage) DO UPDATE SET count = effect.count + 1
            """)
    }

    private func count(_ stage: String, task: Int64, in connection: any Connection) throws {
        try connection.execute(
            """
            INSERT INTO effect (task_id, stage, count) VALUES (\(task), \(stage), 1)
            ON CONFLICT (task_id, stage) DO UPDATE SET count = effect.count + 1
            """)
    }

    func knownFolders(in scope: ScanScope, in connection: any Connection) throws -> [KnownFolder] { [] }

    func reconcile(
        _ listings: [FolderListing], scope: ScanScope, now: Int64, in connection: any Connection
    ) throws -> Consequence {
        var consequence = Consequence()
        consequence.progress.folders = listings.count
        for listing in listings {
            for file in listing.files {
                consequence.progress.found += 1
                let path = listing.path.appending(file.name)
                let payload = IndexFilePayload(
                    filePath: path, rootPath: scope.rootPath, scanID: scope.id, priority: scope.priority)
                consequence.tasks.append(
                    NewTask(payload: .indexFile(payload), priority: scope.priority, dedupeKey: "index \(path.display)"))
            }
        }
        return consequence
    }

    func noteGone(_ paths: [FilePath], scope: ScanScope, in connection: any Connection) throws {}

    func steps(
        _ phase: ScanPhase, scope: ScanScope, marked: Int, in connection: any Connection
    ) throws -> [ScanEndStep] { [] }

    func carryOut(
        _ step: ScanEndStep, scope: ScanScope, now: Int64, in connection: any Connection
    ) throws -> Consequence? { Consequence() }

    func file(of payload: TaskPayload, in connection: any Connection) throws -> FilePath? {
        switch payload {
        case .indexFile(let payload): payload.filePath
        case .analyzeAudio(let payload): payload.filePath
        case .scanLibrary, .vectorizeTrack, .vectorizeText, .projectMap, .submitListens, .downloadArtwork,
            .downloadTrack, .enrich, .deliverWebhook, .noop, .noopChain:
            nil
        }
    }

    func hasAnalysis(
        contentKey: String, version: String, withFingerprint: Bool, in connection: any Connection
    ) throws -> Bool { false }

    func complete(_ payload: TaskPayload, in connection: any Connection) throws -> TaskPayload { payload }
}
