import Domain
import UseCases

/// Library roots with what is below them, and their end.
extension DatabaseScanStore {
    /// Folders whose tracks are marked in one transaction: a tenth of a second or so on a small computer.
    private static let foldersAtOnce = 50
    /// Between two rounds somebody may start another scan; then what it finds is marked, too, so often.
    private static let maxRounds = 10

    package func libraryRootStatuses() async throws -> [LibraryRootStatus] {
        try await context.database.read { try Self.statuses("ORDER BY path", $0) }
    }

    package func libraryRootStatus(id: Int64) async throws -> LibraryRootStatus {
        let found = try await context.database.read { try Self.statuses("WHERE id = \(id)", $0) }.first
        guard let found else { throw StoreError.notFound("there is no library root \(id)") }
        return found
    }

    private static func statuses(_ choice: Query, _ connection: any Connection) throws -> [LibraryRootStatus] {
        let roots = try connection.all("SELECT id, path, created_at, watches, schedule FROM library_root \(choice)") {
            LibraryRootStatus(
                id: $0.int(0) ?? 0, path: FilePath(bytes: $0.bytes(1) ?? []), addedAt: $0.int(2) ?? 0,
                upkeep: Self.upkeep($0, at: 3), tracks: 0, missing: 0)
        }
        return try roots.map { root in
            var root = root
            let isBelow = CatalogueRows.isFolder(in: root.path, connection.dialect)
            let all = try connection.count("folder JOIN track ON track.folder_id = folder.id WHERE \(isBelow)")
            // In this order SQLite goes through the missing tracks, and not through the rows of all.
            root.missing = try connection.count(
                "track CROSS JOIN folder WHERE track.state = 1 AND folder.id = track.folder_id AND \(isBelow)")
            root.tracks = all - root.missing
            root.lastScan = try ScanLookup.last(of: root.path, in: connection)
            return root
        }
    }

    package func rootUpkeeps() async throws -> [KeptRoot] {
        try await context.database.read { connection in
            // Watched roots have many scans of single folders: neither query goes through all of them.
            let open = Set(
                try connection.all(
                    // Not until all is heard, which may take days: what a walk has not met must not wait for that.
                    """
                    SELECT root_path FROM scan WHERE finished_at IS NULL AND walked_at IS NULL AND walk_failure IS NULL
                        AND cancelled_at IS NULL AND path = root_path AND is_shallow = 0
                    """
                ) { $0.bytes(0) ?? [] })
            return try connection.all(
                """
                SELECT library_root.id, library_root.path, watches, schedule, library_root.created_at,
                    (SELECT scan.created_at FROM scan
                        WHERE root_path = library_root.path AND scan.path = root_path AND is_shallow = 0
                        ORDER BY scan.id DESC LIMIT 1)
                FROM library_root ORDER BY library_root.path
                """
            ) { row in
                let path = row.bytes(1) ?? []
                return KeptRoot(
                    id: row.int(0) ?? 0, path: FilePath(bytes: path), upkeep: Self.upkeep(row, at: 2),
                    lastScanAt: row.int(5) ?? row.int(4) ?? 0, isBeingScanned: open.contains(path),
                    wasScanned: row.int(5) != nil)
            }
        }
    }

    package func setUpkeep(_ upkeep: RootUpkeep, ofRoot id: Int64) async throws {
        let changed = try await context.write(durable: true) { transaction in
            try transaction.connection.execute(
                """
                UPDATE library_root SET watches = \(upkeep.watches), schedule = \(upkeep.schedule.description)
                WHERE id = \(id)
                """)
        }
        guard changed == 1 else { throw StoreError.notFound("there is no library root \(id)") }
    }

    private static func upkeep(_ row: any Row, at column: Int) -> RootUpkeep {
        RootUpkeep(
            watches: row.int(column) != 0, schedule: ScanSchedule(row.text(column + 1) ?? "") ?? .automatic)
    }

    package func removeLibraryRoot(id: Int64) async throws {
        let path = try await context.database.read { connection in
            try connection.first("SELECT path FROM library_root WHERE id = \(id)") {
                FilePath(bytes: $0.bytes(0) ?? [])
            }
        }
        guard let path else { throw StoreError.notFound("there is no library root \(id)") }
        // Else scans of what changes meanwhile would keep it.
        try await setUpkeep(RootUpkeep(watches: false, schedule: .off), ofRoot: id)
        for _ in 0..<Self.maxRounds {
            try await cancelScans(of: path)
            for folders in try await foldersWithTracks(below: path) {
                try await context.write { try $0.markMissing(inFolders: folders) }
            }
            if try await context.write(durable: true, { try $0.forgetEmptied(root: id, path) }) { return }
        }
        throw StoreError.retryable(afterSeconds: 1, "the library changes faster than the folder can be removed")
    }

    private func cancelScans(of root: FilePath) async throws {
        let open = try await context.database.read { try ScanLookup.open(of: root, in: $0) }
        for uuid in open {
            do {
                _ = try await cancelScan(id: uuid)
            } catch StoreError.preconditionFailed {
                // It has ended by itself meanwhile.
            }
        }
    }

    private func foldersWithTracks(below root: FilePath) async throws -> [[Int64]] {
        let ids = try await context.database.read { connection in
            try connection.all(
                "SELECT id FROM folder WHERE \(CatalogueRows.isFolder(in: root, connection.dialect)) ORDER BY path"
            ) { $0.int(0) ?? 0 }
        }
        return stride(from: 0, to: ids.count, by: Self.foldersAtOnce).map { start in
            Array(ids[start..<min(start + Self.foldersAtOnce, ids.count)])
        }
    }
}

extension QueueTransaction {
    fileprivate func markMissing(inFolders ids: [Int64]) throws {
        let list = Query.among(ids, connection.dialect)
        let tracks = try connection.all(
            "UPDATE track SET state = 1, missing_scan = NULL WHERE folder_id \(list) AND state = 0 RETURNING id"
        ) { $0.int(0) ?? 0 }
        var batch = CatalogueBatch(connection: connection, now: now)
        for id in tracks { batch.vectorChanged(id) }
        try batch.flush()
        try connection.execute("DELETE FROM rejected_file WHERE folder_id \(list)")
        try PlaylistFileRows.remove(inFolders: ids, connection)
    }

    /// False when there is a track again, or a scan that may find one.
    fileprivate func forgetEmptied(root id: Int64, _ path: FilePath) throws -> Bool {
        try connection.lock("library_root")
        let isInUse = try connection.first(
            """
            SELECT 1 FROM folder JOIN track ON track.folder_id = folder.id
            WHERE \(CatalogueRows.isFolder(in: path, connection.dialect)) AND track.state = 0 LIMIT 1
            """
        ) { _ in true }
        guard isInUse == nil, try ScanLookup.open(of: path, in: connection).isEmpty else { return false }
        try connection.execute("DELETE FROM library_root WHERE id = \(id)")
        return true
    }
}

extension Connection {
    fileprivate func count(_ rows: Query) throws -> Int {
        Int(clamping: try first("SELECT count(*) FROM \(rows)") { $0.int(0) ?? 0 } ?? 0)
    }
}
