import Domain
import UseCases

extension DatabaseBroker {
    /// What an interrupted walk of this scan moved and marked stays counted: it is done, and will not be met again.
    package func beginWalk(lease: Lease) async throws -> [KnownFolder] {
        let sink = context.sink
        // Left over when this walk was interrupted. A lost lease is noticed below.
        _ = try await carryOut(.candidates, lease, worker: QueueTransaction.nobody)
        return try await context.write { transaction in
            guard let scan = try transaction.walkedScan(lease) else {
                throw StoreError.preconditionFailed("the lease on this scan has ended")
            }
            try transaction.connection.execute(
                """
                UPDATE scan SET folders = 0, found = 0, unchanged = 0, refused = 0, notice = NULL, walk_failure = NULL,
                    started_at = COALESCE(started_at, \(transaction.now))
                WHERE id = \(scan.scope.rowID)
                """)
            return try sink.knownFolders(in: scan.scope, in: transaction.connection)
        }
    }

    package func report(
        _ listings: [FolderListing], gone: [FilePath], lease: Lease
    ) async throws -> WalkDirective {
        try await context.write { try $0.report(listings, gone: gone, lease: lease) }
    }
}

extension QueueTransaction {
    /// Compares folders with the catalogue in the caller's transaction, and queues what follows.
    mutating func report(
        _ listings: [FolderListing], gone: [FilePath], lease: Lease
    ) throws -> WalkDirective {
        guard let (row, scan) = try wantedWalk(lease) else { return .stop }
        try context.sink.noteGone(gone, scope: scan.scope, in: connection)
        let found = try context.sink.reconcile(listings, scope: scan.scope, now: now, in: connection)
        try add(found, to: row)
        return .proceed(lookAt: found.suspects)
    }

    /// The walk that the lease holds, unless it or its scan was cancelled.
    mutating func wantedWalk(_ lease: Lease) throws -> (row: TaskRow, scan: OpenScan)? {
        guard let row = try held(lease), !row.isCancelRequested, let scan = try scan(row.scanID),
            !scan.isCancelled, !scan.isFinished
        else { return nil }
        return (row, scan)
    }

    /// What a part of a walk came to.
    mutating func add(_ found: Consequence, to row: TaskRow) throws {
        try count(found, of: row)
        try enqueue(
            found.tasks.map { EnqueuedTask($0, scanID: row.scanID, parentID: row.id, lineage: lineage(after: row)) })
    }

    /// What a task came to, in the books of its scan. A track that it found again is not missing any more, for every
    /// scan that has not ended before this one began; what was told before stays told.
    mutating func count(_ consequence: Consequence, of row: TaskRow) throws {
        ledger.add(consequence.progress, notice: consequence.notice, scanID: row.scanID)
        for (scanID, count) in consequence.foundAgain {
            let isOpen = try connection.first(
                """
                SELECT 1 FROM scan WHERE id = \(scanID) AND (finished_at IS NULL
                    OR finished_at >= (SELECT created_at FROM scan WHERE id = \(row.scanID)))
                """
            ) { _ in true }
            guard isOpen == true else { continue }
            var progress = ScanProgress()
            progress.missing = -count
            ledger.add(progress, notice: nil, scanID: scanID)
        }
    }

    /// The open scan whose walk the lease holds.
    mutating func walkedScan(_ lease: Lease) throws -> OpenScan? {
        guard let row = try held(lease), row.kind == .scanLibrary, let scan = try scan(row.scanID),
            !scan.isFinished
        else { return nil }
        return scan
    }
}
