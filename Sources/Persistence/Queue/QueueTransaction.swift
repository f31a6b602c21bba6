import Contracts
import Domain
import Telemetry
import UseCases

/// One write transaction on the queue. Its extensions are the moves that a task can make; every move writes its
/// audit row and the ledger in the same transaction.
struct QueueTransaction {
    /// The ledger row of work that no worker did: submits, operators, the housekeeper.
    static let nobody: Int64 = 0

    let connection: any Connection
    let context: QueueContext
    /// Time of day, microseconds.
    let now: Int64
    /// Microseconds of the lease clock.
    let leaseNow: Int64
    let worker: Int64
    /// The span in which the transaction was asked for.
    let origin: TraceParent?
    /// Spans of the runs whose results are applied, by task.
    var runTraces: [Int64: TraceParent] = [:]
    var ledger = Ledger()
    var ended = EndTally()
    var events = QueueEvents()
    /// What attempts that are settled here took, in bytes, by task.
    var memory: [Int64: Int64] = [:]
    var deaths = UntoldDeaths()
    /// What others are told of once this is committed.
    var announcements: [Announcement] = []
    /// True when a waiting lease may find something now.
    var hasNewWork = false
    private var scans: [Int64: OpenScan] = [:]

    init(
        _ context: QueueContext, on connection: any Connection, worker: Int64, origin: TraceParent? = nil
    ) throws {
        self.connection = connection
        self.context = context
        self.worker = worker
        self.origin = origin
        (now, leaseNow) = try context.times(on: connection)
    }

    mutating func finish() throws {
        try ledger.write(worker: worker, to: connection)
        try ended.write(worker: worker, to: connection)
        try deaths.write(now: now, to: connection)
        try announce()
    }

    /// The scan of a task, read once a transaction.
    mutating func scan(_ rowID: Int64?) throws -> OpenScan? {
        guard let rowID else { return nil }
        if let known = scans[rowID] { return known }
        let scan = try OpenScan.load(rowID: rowID, from: connection)
        scans[rowID] = scan
        return scan
    }

    func event(_ type: String, task: Int64, actor: String, detail: String = "") throws {
        try connection.perform(
            """
            INSERT INTO task_event (task_id, at, type, actor, detail)
            VALUES (\(task), \(now), \(type), \(actor), \(detail))
            """)
    }

    /// The live rows among `ids`, locked where the engine locks rows. In order of id.
    func liveRows(_ ids: [Int64]) throws -> [TaskRow] {
        try connection.all(
            """
            SELECT \(raw: TaskRow.columns) FROM task WHERE id \(.among(ids, connection.dialect))
            ORDER BY id\(Query.forUpdate(connection.dialect))
            """
        ) { try TaskRow($0) }
    }

    /// The row that `lease` still holds; nil when the claim has ended.
    func held(_ lease: Lease) throws -> TaskRow? {
        try liveRows([lease.taskID]).first { $0.state == .running && $0.lease == lease.token }
    }
}
