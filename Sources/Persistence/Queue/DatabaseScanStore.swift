import Contracts
import Domain
import UseCases

/// Scans with their ledgers, and the library roots.
package struct DatabaseScanStore: ScanStore {
    let context: QueueContext

    package func startScan(_ scan: NewScan, idempotencyKey: String?) async throws -> Scan {
        try await context.write(durable: true) { transaction in
            let request = Idempotency.Request(key: idempotencyKey, scope: "scan", text: scan.fingerprintText)
            if let uuid = try Idempotency.answer(to: request, in: transaction) {
                return try ScanLookup.scan(uuid, in: transaction.connection)
            }
            let uuid = try transaction.start(scan).uuid
            try Idempotency.keep(uuid, for: request, in: transaction)
            // The ledger is written when the transaction ends, so the answer is not read back from it.
            var started = try ScanLookup.scan(uuid, in: transaction.connection)
            started.progress.tasksQueued = 1
            return started
        }
    }

    package func scan(id: String) async throws -> Scan {
        try await context.database.read { try ScanLookup.scan(id, in: $0) }
    }

    package func scans(_ page: PageRequest) async throws -> Page<Scan> {
        let before = try Cursor.id(page.cursor) ?? Int64.max
        return try await context.database.read { try ScanLookup.page(before: before, limit: page.limit, in: $0) }
    }

    package func cancelScan(id: String) async throws -> Scan {
        let rowID = try await context.write(durable: true) { try $0.markCancelled(scan: id) }
        if let rowID {
            try await context.dropWaitingTasks(ofScan: rowID)
            _ = try await context.write { try $0.finishScans() }
        }
        return try await scan(id: id)
    }

    package func libraryRoots() async throws -> [FilePath] {
        try await context.database.read { try ScanLookup.roots(in: $0) }
    }

    package func addLibraryRoot(_ path: FilePath) async throws {
        guard path.isCanonical else {
            throw StoreError.preconditionFailed(
                "\(path.display) is no absolute path without empty, \".\" and \"..\" parts")
        }
        try await context.write(durable: true) { transaction in
            let roots = try ScanLookup.roots(in: transaction.connection)
            if roots.contains(path) { return }
            if let clash = roots.first(where: { $0.contains(path) || path.contains($0) }) {
                throw StoreError.conflict("\(path.display) overlaps the library root \(clash.display)")
            }
            try transaction.connection.execute(
                "INSERT INTO library_root (path, created_at) VALUES (\(path.bytes), \(transaction.now))")
        }
    }
}

extension NewScan {
    var fingerprintText: String {
        [path.encoded, mode.rawValue, priority.name, until.rawValue].joined(separator: "\n")
    }
}

extension QueueTransaction {
    /// Inserts the scan and its walk in the caller's transaction.
    /// - Parameters:
    ///   - uuid: chosen by the sender; nil for a random one.
    ///   - runAt: when the walk may begin; nil for now.
    mutating func start(
        _ scan: NewScan, uuid chosen: String? = nil, runAt: Int64? = nil, dedupeKey: String? = nil
    ) throws -> (uuid: String, task: Int64) {
        guard scan.path.isCanonical,
            let root = try ScanLookup.roots(in: connection).first(where: { $0.contains(scan.path) })
        else { throw StoreError.preconditionFailed("no library root holds \(scan.path.display)") }
        let uuid = chosen ?? context.randomUUID()
        let inserted = try connection.first(
            """
            INSERT INTO scan (uuid, path, root_path, mode, lane, until, created_at)
            VALUES (\(uuid), \(scan.path.bytes), \(root.bytes), \(scan.mode.rawValue), \(scan.priority.rawValue),
                \(scan.until.rawValue), \(now))
            ON CONFLICT (uuid) DO NOTHING RETURNING id
            """
        ) { $0.int(0) ?? 0 }
        guard let rowID = inserted else { throw StoreError.conflict("there is a scan \(uuid) already") }
        let payload = ScanLibraryPayload(
            path: scan.path, rootPath: root, scanID: uuid, mode: scan.mode, priority: scan.priority, until: scan.until)
        let task = NewTask(
            payload: .scanLibrary(payload), priority: scan.priority, runAt: runAt, dedupeKey: dedupeKey)
        guard let id = try enqueue([EnqueuedTask(task, scanID: rowID, parentID: nil)]).first else {
            throw StoreError.conflict("another task with this dedupe key is alive")
        }
        try connection.execute("UPDATE scan SET task_id = \(id) WHERE id = \(rowID)")
        return (uuid, id)
    }

    /// Marks an open scan; answers its row, or nil when there is nothing to do any more.
    func markCancelled(scan uuid: String) throws -> Int64? {
        let found = try connection.first(
            "SELECT id, task_id, finished_at FROM scan WHERE uuid = \(uuid)"
        ) { (id: $0.int(0) ?? 0, task: $0.int(1) ?? 0, finishedAt: $0.int(2)) }
        guard let found else { throw StoreError.notFound("there is no scan \(uuid)") }
        guard found.finishedAt == nil else { return nil }
        let marked = try connection.execute(
            "UPDATE scan SET cancelled_at = \(now) WHERE id = \(found.id) AND cancelled_at IS NULL")
        if marked > 0 { try event("cancelled", task: found.task, actor: "scan", detail: uuid) }
        return found.id
    }

    /// Takes out some waiting tasks of a cancelled scan; false when none is left. Files that another open scan counts
    /// on (it met them in the queue already) become that scan's.
    mutating func dropWaitingTasks(ofScan rowID: Int64, limit: Int) throws -> Bool {
        if let heir = try heir(ofScan: rowID) { return try bequeath(from: rowID, to: heir, limit: limit) }
        let rows = try connection.all(
            """
            SELECT \(raw: TaskRow.columns) FROM task
            WHERE scan_id = \(rowID) AND state IN ('ready', 'scheduled', 'parked') LIMIT \(limit)
            """
        ) { try TaskRow($0) }
        try close(rows, .cancelled)
        return rows.count == limit
    }
}

extension QueueTransaction {
    /// The newest open scan of the same folder or of its whole root.
    private func heir(ofScan rowID: Int64) throws -> Int64? {
        try connection.first(
            """
            SELECT heir.id FROM scan JOIN scan AS heir
                ON heir.root_path = scan.root_path AND (heir.path = scan.path OR heir.path = scan.root_path)
            WHERE scan.id = \(rowID) AND heir.id <> scan.id AND heir.cancelled_at IS NULL
                AND heir.finished_at IS NULL AND heir.started_at IS NOT NULL
            ORDER BY heir.id DESC LIMIT 1
            """
        ) { $0.int(0) } ?? nil
    }

    /// Passes on the tasks of files, running ones too; the walk itself ends with its scan.
    private mutating func bequeath(from rowID: Int64, to heir: Int64, limit: Int) throws -> Bool {
        let passed = try connection.execute(
            """
            UPDATE task SET scan_id = \(heir) WHERE id IN (
                SELECT id FROM task WHERE scan_id = \(rowID) AND kind <> \(TaskKind.scanLibrary.rawValue)
                LIMIT \(limit))
            """)
        for _ in 0..<passed { ledger.taskLeft(rowID) }
        ledger.taskQueued(heir, count: passed)
        if passed == limit { return true }
        let walks = try connection.all(
            """
            SELECT \(raw: TaskRow.columns) FROM task
            WHERE scan_id = \(rowID) AND state IN ('ready', 'scheduled', 'parked')
            """
        ) { try TaskRow($0) }
        try close(walks, .cancelled)
        return false
    }
}

extension QueueContext {
    /// Tasks dropped in one transaction, so that others get their turn between.
    private static let dropBatch = 2000

    func dropWaitingTasks(ofScan rowID: Int64) async throws {
        while try await write({ try $0.dropWaitingTasks(ofScan: rowID, limit: Self.dropBatch) }) {}
    }

    /// A random UUID (version 4), lower case.
    func randomUUID() -> String {
        let high = random() & 0xffff_ffff_ffff_0fff | 0x4000
        let low = random() & 0x3fff_ffff_ffff_ffff | 0x8000_0000_0000_0000
        let bytes = [high, low].flatMap { word in (0..<8).map { UInt8(truncatingIfNeeded: word >> (56 - 8 * $0)) } }
        let text = Array(Hex.encode(bytes))
        return [0..<8, 8..<12, 12..<16, 16..<20, 20..<32].map { String(text[$0]) }.joined(separator: "-")
    }
}
