import Domain

/// What one transaction adds to the books of the scans it touches; written once, at its end.
struct Ledger {
    private struct Entry {
        var progress = ScanProgress()
        var notice: String?
    }

    private var entries: [Int64: Entry] = [:]

    /// Notices of one scan together, in characters.
    static let maxNotice = 2000

    mutating func taskQueued(_ scanID: Int64?, count: Int = 1) {
        change(scanID) { $0.tasksQueued += count }
    }

    mutating func taskLeft(_ scanID: Int64?, failed: Bool = false, count: Int = 1) {
        change(scanID) {
            $0.tasksDone += count
            if failed { $0.failed += 1 }
        }
    }

    /// A dead task is back: it no longer counts as failed.
    mutating func taskReturned(_ scanID: Int64?) {
        change(scanID) {
            $0.tasksQueued += 1
            $0.failed -= 1
        }
    }

    /// What the catalogue counted. The numbers of tasks are the queue's own business.
    mutating func add(_ added: ScanProgress, notice: String?, scanID: Int64?) {
        guard let scanID else { return }
        change(scanID) {
            $0.folders += added.folders
            $0.found += added.found
            $0.unchanged += added.unchanged
            $0.refused += added.refused
            $0.moved += added.moved
            $0.missing += added.missing
            $0.indexed += added.indexed
            $0.analyzed += added.analyzed
            $0.vectorized += added.vectorized
            $0.cached += added.cached
            $0.failed += added.failed
        }
        guard let notice else { return }
        let earlier = entries[scanID]?.notice
        entries[scanID, default: Entry()].notice = [earlier, notice].compactMap(\.self).joined(separator: "; ")
    }

    private mutating func change(_ scanID: Int64?, _ body: (inout ScanProgress) -> Void) {
        guard let scanID else { return }
        body(&entries[scanID, default: Entry()].progress)
    }

    /// Rows are per (scan, worker), so that workers never wait for each other's.
    func write(worker: Int64, to connection: any Connection) throws {
        for (scanID, entry) in entries.sorted(by: { $0.key < $1.key }) {
            try writeCounts(entry.progress, scanID: scanID, worker: worker, to: connection)
            try writeWalk(entry.progress, scanID: scanID, to: connection)
            if let notice = entry.notice { try Ledger.addNotice(notice, scanID: scanID, to: connection) }
        }
    }

    private func writeCounts(
        _ added: ScanProgress, scanID: Int64, worker: Int64, to connection: any Connection
    ) throws {
        try connection.perform(
            """
            INSERT INTO scan_progress (scan_id, worker_id, tasks_queued, tasks_done, indexed, analyzed, vectorized,
                cached, failed)
            VALUES (\(scanID), \(worker), \(added.tasksQueued), \(added.tasksDone), \(added.indexed),
                \(added.analyzed), \(added.vectorized), \(added.cached), \(added.failed))
            ON CONFLICT (scan_id, worker_id) DO UPDATE SET
                tasks_queued = scan_progress.tasks_queued + excluded.tasks_queued,
                tasks_done = scan_progress.tasks_done + excluded.tasks_done,
                indexed = scan_progress.indexed + excluded.indexed,
                analyzed = scan_progress.analyzed + excluded.analyzed,
                vectorized = scan_progress.vectorized + excluded.vectorized,
                cached = scan_progress.cached + excluded.cached,
                failed = scan_progress.failed + excluded.failed
            """)
    }

    private func writeWalk(_ added: ScanProgress, scanID: Int64, to connection: any Connection) throws {
        let counts = [added.folders, added.found, added.unchanged, added.refused, added.moved, added.missing]
        guard counts.contains(where: { $0 != 0 }) else { return }
        try connection.perform(
            """
            UPDATE scan SET folders = folders + \(added.folders), found = found + \(added.found),
                unchanged = unchanged + \(added.unchanged), refused = refused + \(added.refused),
                moved = moved + \(added.moved), missing = missing + \(added.missing)
            WHERE id = \(scanID)
            """)
    }

    static func addNotice(_ notice: String, scanID: Int64, to connection: any Connection) throws {
        try connection.perform(
            """
            UPDATE scan SET notice = substr(CASE WHEN notice IS NULL THEN \(notice)
                ELSE notice || '; ' || \(notice) END, 1, CAST(\(maxNotice) AS INTEGER))
            WHERE id = \(scanID)
            """)
    }
}
