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
            return try transaction.started(uuid)
        }
    }

    package func startScan(_ scan: NewScan, unlessSince since: Int64) async throws -> StartedScan {
        // Looked at before the server is asked: then it seems later, and no scan that began too early is enough.
        let localNow = context.clock()
        return try await context.write(durable: true) { transaction in
            // Servers beside this one saw the same.
            try transaction.connection.lock("library_root")
            let ahead = context.leaseClock.isOfServer ? transaction.now - localNow : 0
            let (shifted, overflow) = since.addingReportingOverflow(ahead)
            let covering = try ScanLookup.covering(
                scan, since: overflow ? since : shifted, in: transaction.connection)
            if let covering { return StartedScan(scan: covering, isNew: false) }
            return StartedScan(scan: try transaction.started(try transaction.start(scan).uuid), isNew: true)
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
            try transaction.connection.lock("library_root")
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
        [path.encoded, mode.rawValue, priority.name, until.rawValue, String(acceptMissing)].joined(separator: "\n")
    }
}

extension QueueTransaction {
    /// A scan that this transaction started: its ledger is written when that ends, so the answer is not read back from it.
    fileprivate func started(_ uuid: String) throws -> Scan {
        var scan = try ScanLookup.scan(uuid, in: connection)
        scan.progress.tasksQueued = 1
        return scan
    }

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
            INSERT INTO scan (uuid, path, root_path, mode, lane, until, accept_missing, cause, is_shallow,
                created_at)
            VALUES (\(uuid), \(scan.path.bytes), \(root.bytes), \(scan.mode.rawValue), \(scan.priority.rawValue),
                \(scan.until.rawValue), \(scan.acceptMissing), \(scan.cause.rawValue), \(scan.isShallow), \(now))
            ON CONFLICT (uuid) DO NOTHING RETURNING id
            """
        ) { $0.int(0) ?? 0 }
        guard let rowID = inserted else { throw StoreError.conflict("there is a scan \(uuid) already") }
        let payload = ScanLibraryPayload(
            path: scan.path, rootPath: root, scanID: uuid, mode: scan.mode, priority: scan.priority, until: scan.until,
            acceptMissing: scan.acceptMissing ? true : nil, isShallow: scan.isShallow ? true : nil)
        let task = NewTask(
            payload: .scanLibrary(payload), priority: scan.priority, runAt: runAt, dedupeKey: dedupeKey)
        guard let id = try enqueue([EnqueuedTask(task, scanID: rowID, parentID: nil)]).first else {
            throw StoreError.conflict("another task with this dedupe key is alive")
        }
        try connection.execute("UPDATE scan SET task_id = \(id) WHERE id = \(rowID)")
        return (uuid, id)
    }
}

extension QueueContext {
    /// A random UUID (version 4), lower case.
    func randomUUID() -> String {
        let high = random() & 0xffff_ffff_ffff_0fff | 0x4000
        let low = random() & 0x3fff_ffff_ffff_ffff | 0x8000_0000_0000_0000
        let bytes = [high, low].flatMap { word in (0..<8).map { UInt8(truncatingIfNeeded: word >> (56 - 8 * $0)) } }
        let text = Array(Hex.encode(bytes))
        return [0..<8, 8..<12, 12..<16, 16..<20, 20..<32].map { String(text[$0]) }.joined(separator: "-")
    }
}
