import Contracts
import Domain
import UseCases

/// The walk's reports against what is known. A folder without changes costs two queries and writes nothing.
extension DatabaseCatalogue {
    func knownFolders(in scope: ScanScope, in connection: any Connection) throws -> [KnownFolder] {
        try connection.all(
            "SELECT id, path FROM folder WHERE \(CatalogueRows.isFolder(in: scope.path, connection.dialect)) ORDER BY path"
        ) { KnownFolder(id: $0.int(0) ?? 0, path: FilePath(bytes: $0.bytes(1) ?? [])) }
    }

    func reconcile(
        _ listings: [FolderListing], scope: ScanScope, now: Int64, in connection: any Connection
    ) throws -> Consequence {
        var walk = FolderReconciler(
            scope: scope, batch: CatalogueBatch(connection: connection, now: now),
            foldersWithRejections: try Self.foldersWithRejections(connection),
            foldersWithPlaylists: try PlaylistFileRows.folders(connection))
        for listing in listings { try walk.reconcile(listing) }
        try walk.batch.flushVectorChanges()
        return walk.consequence
    }

    func noteGone(_ paths: [FilePath], scope: ScanScope, in connection: any Connection) throws {
        let candidates = ScanCandidates(scanRowID: scope.rowID, connection: connection)
        for path in paths {
            guard let folderID = try CatalogueRows.folderID(path.parent, connection),
                case let tracks = try StoredTrack.rows(folderID: folderID, file: path.lastComponent, connection)
            else { continue }
            for track in tracks where track.isPresent {
                try candidates.add(
                    .departed,
                    .init(folder: path.parent, name: track.name, facts: track.facts, trackID: track.id))
            }
        }
    }

    private static func foldersWithRejections(_ connection: any Connection) throws -> Set<Int64> {
        Set(try connection.all("SELECT DISTINCT folder_id FROM rejected_file") { $0.int(0) ?? 0 })
    }
}

/// One report of a walk: folder by folder, summed up into one consequence.
struct FolderReconciler {
    let scope: ScanScope
    var batch: CatalogueBatch
    let foldersWithRejections: Set<Int64>
    let foldersWithPlaylists: Set<Int64>
    var consequence = Consequence()

    /// Tracks of one size and time that are compared with a file, and of those the hard links that are looked at.
    private static let maxAlike = 256
    private static let maxSuspects = 8

    private struct Rejection {
        let size: Int64
        let mtimeNs: Int64
    }

    init(
        scope: ScanScope, batch: CatalogueBatch, foldersWithRejections: Set<Int64>, foldersWithPlaylists: Set<Int64>
    ) {
        self.scope = scope
        self.batch = batch
        self.foldersWithRejections = foldersWithRejections
        self.foldersWithPlaylists = foldersWithPlaylists
    }

    private var connection: any Connection { batch.connection }
    private var isFull: Bool { scope.mode == .full }

    mutating func reconcile(_ listing: FolderListing) throws {
        consequence.progress.folders += 1
        consequence.progress.found += listing.files.count
        let folderID = try CatalogueRows.folderID(listing.path, connection)
        let known = try folderID.map(knownFiles) ?? []
        let comparison = FolderComparison(
            known: known, listed: listing.files, isFull: isFull, sheets: listing.cuts?.mapValues(SheetDigest.of))
        let rejections = try rejections(folderID, listing)
        consequence.progress.unchanged += comparison.unchanged
        for known in comparison.reappeared { try markPresent(known.trackID) }
        for (known, file) in comparison.again { queue(file, known, listing) }
        for (known, file) in comparison.recut where !skip(file, rejections) { queue(file, known, listing) }
        for (known, file) in comparison.changed where !skip(file, rejections) { try arrive(file, known, listing) }
        for file in comparison.new where !skip(file, rejections) { try arrive(file, nil, listing) }
        for known in comparison.vanished { try depart(known, listing.path) }
        try notePlaylists(listing, folderID)
    }

    private func knownFiles(_ folderID: Int64) throws -> [FolderComparison.KnownFile] {
        var hasParts = false
        let rows = try connection.all(
            """
            SELECT id, name, state, size, mtime_ns, inode, device, sheet_digest FROM track
            WHERE folder_id = \(folderID) ORDER BY name
            """
        ) { row in
            let name = row.bytes(1) ?? []
            if name.contains(FilePath.slash) { hasParts = true }
            return FolderComparison.KnownFile(
                trackID: row.int(0) ?? 0, name: name, isPresent: row.int(2) == CatalogueRows.present,
                facts: FileFacts(
                    size: row.int(3) ?? 0, mtimeNs: row.int(4) ?? 0, inode: row.int(5) ?? 0, device: row.int(6) ?? 0),
                sheetDigest: row.text(7))
        }
        return hasParts ? FolderComparison.KnownFile.joined(rows) : rows
    }

    /// What was refused in this folder; a refused file that is gone is forgotten.
    private func rejections(_ folderID: Int64?, _ listing: FolderListing) throws -> [[UInt8]: Rejection] {
        guard let folderID, foldersWithRejections.contains(folderID) else { return [:] }
        var rejections: [[UInt8]: Rejection] = [:]
        try connection.forEach("SELECT name, size, mtime_ns FROM rejected_file WHERE folder_id = \(folderID)") { row in
            rejections[row.bytes(0) ?? []] = Rejection(size: row.int(1) ?? 0, mtimeNs: row.int(2) ?? 0)
        }
        let names = Set(listing.files.map(\.name))
        for name in rejections.keys where !names.contains(name) {
            try connection.execute("DELETE FROM rejected_file WHERE folder_id = \(folderID) AND name = \(name)")
        }
        return rejections
    }

    /// A quick scan does not try a refused file again before it changes.
    private mutating func skip(_ file: ListedFile, _ rejections: [[UInt8]: Rejection]) -> Bool {
        guard !isFull, let rejection = rejections[file.name], rejection.size == file.facts.size,
            rejection.mtimeNs == file.facts.mtimeNs
        else { return false }
        consequence.progress.refused += 1
        return true
    }

    private mutating func markPresent(_ trackID: Int64) throws {
        try connection.execute("UPDATE track SET state = 0 WHERE id = \(trackID)")
        batch.vectorChanged(trackID)
    }

    private mutating func queue(
        _ file: ListedFile, _ known: FolderComparison.KnownFile?, _ listing: FolderListing
    ) {
        consequence.tasks.append(
            scope.indexTask(
                listing.path.appending(file.name), file.facts, known: known?.facts, known?.trackID,
                cut: cut(of: file, known, listing)))
    }

    /// That no sheet cuts a file is said only where one did: most files never met any.
    private func cut(
        of file: ListedFile, _ known: FolderComparison.KnownFile?, _ listing: FolderListing
    ) -> SheetCut? {
        guard let cuts = listing.cuts else { return nil }
        if let cut = cuts[file.name] { return cut }
        return known.map { !$0.rows.isEmpty || $0.sheetDigest != nil } == true ? SheetCut.none : nil
    }

    private func mayHaveMoved(_ facts: FileFacts) throws -> Bool {
        try connection.first(
            "SELECT 1 FROM track WHERE size = \(facts.size) AND mtime_ns = \(facts.mtimeNs) LIMIT 1"
        ) { _ in true } ?? false
    }

    /// New content, or the new place of a track that looks the same: only the end of the walk can tell.
    private mutating func arrive(
        _ file: ListedFile, _ known: FolderComparison.KnownFile?, _ listing: FolderListing
    ) throws {
        guard try mayHaveMoved(file.facts) else {
            queue(file, known, listing)
            return
        }
        consequence.suspects += try suspects(file.facts)
        try ScanCandidates(scanRowID: scope.rowID, connection: connection).add(
            .arrived,
            .init(
                folder: listing.path, name: file.name, facts: file.facts, trackID: known?.trackID,
                cut: cut(of: file, known, listing)))
    }

    /// Where this very file is known outside of what the walk lists. Inside, the walk itself tells what is gone.
    private func suspects(_ facts: FileFacts) throws -> [FilePath] {
        var paths: [FilePath] = []
        try connection.forEach(
            """
            SELECT folder.path, alike.name
            FROM (SELECT folder_id, name, inode, device, state FROM track
                WHERE size = \(facts.size) AND mtime_ns = \(facts.mtimeNs) LIMIT \(Self.maxAlike)) AS alike
            JOIN folder ON folder.id = alike.folder_id
            WHERE inode = \(facts.inode) AND device = \(facts.device) AND state = \(CatalogueRows.present)
            AND NOT \(scope.lists(connection.dialect))
            LIMIT \(Self.maxSuspects * SheetCut.maxParts)
            """
        ) { row in
            let path = PartName.path(row.bytes(0), row.bytes(1))
            if !paths.contains(path) { paths.append(path) }
        }
        return paths
    }

    private func depart(_ known: FolderComparison.KnownFile, _ folder: FilePath) throws {
        let candidates = ScanCandidates(scanRowID: scope.rowID, connection: connection)
        guard !known.rows.isEmpty else {
            return try candidates.add(
                .departed, .init(folder: folder, name: known.name, facts: known.facts, trackID: known.trackID))
        }
        for row in known.rows where row.isPresent {
            try candidates.add(
                .departed, .init(folder: folder, name: row.name, facts: known.facts, trackID: row.trackID))
        }
    }
}

extension ScanScope {
    /// The task that reads the tags of one file of this scan.
    func indexTask(
        _ path: FilePath, _ facts: FileFacts, known: FileFacts?, _ trackID: Int64?, cut: SheetCut? = nil
    ) -> NewTask {
        let isRefresh = mode == .full
        let payload = IndexFilePayload(
            filePath: path, rootPath: rootPath, scanID: id, priority: priority, until: until, trackID: trackID,
            refresh: isRefresh ? true : nil, size: facts.size, mtimeNs: facts.mtimeNs,
            acceptOlder: known.flatMap { facts.mtimeNs < $0.mtimeNs ? true : nil }, cut: cut)
        return NewTask(
            payload: .indexFile(payload), priority: priority,
            dedupeKey: DedupeKey.index(path, facts: facts, until: until, isRefresh: isRefresh, cut: cut))
    }
}
