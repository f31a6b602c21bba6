import Contracts
import Domain
import UseCases

/// `scan_complete`: with the whole scope seen, moves are told from copies and what is gone is marked missing.
extension DatabaseCatalogue {
    /// A scan that would mark more than this share of the tracks in its library root missing marks none, unless the
    /// user said that they are gone. One file of several may always be gone: no disk holds just that.
    static let maxMissingShare = 0.30

    func applyScanEnd(
        _ outcome: ScanCompleteOutcome, _ completion: Completion, _ batch: inout CatalogueBatch
    ) throws -> Consequence {
        guard let scope = completion.scope else { return Consequence() }
        var consequence = Consequence()
        let candidates = ScanCandidates(scanRowID: scope.rowID, connection: batch.connection)
        let departed = try departedTracks(outcome, candidates, scope, batch.connection)
        let arrivals = try openArrivals(candidates.all(.arrived), batch.connection)
        let displaced = try lost(arrivals.compactMap(\.trackID), batch.connection)
        let missing = try alreadyMissing(like: arrivals, batch.connection)
        let (moves, copies) = MoveMatching.match(arrivals, Self.distinct(departed + displaced + missing))
        try carryOut(moves, scope, &consequence, &batch)
        let facts = Dictionary(displaced.map { ($0.trackID, $0.facts) }, uniquingKeysWith: { first, _ in first })
        consequence.tasks += copies.map { copy in
            scope.indexTask(copy.path, copy.facts, known: copy.trackID.flatMap { facts[$0] }, copy.trackID)
        }
        let moved = Set(moves.map(\.trackID))
        let gone = departed.filter { !moved.contains($0.trackID) }
        if try settleMissing(gone, outcome, scope, &consequence, &batch) {
            try removeEmptyFolders(outcome.vanishedFolderIDs, batch.connection)
        }
        try candidates.clear()
        consequence.tasks += try unfinishedTasks(scope, batch.connection)
        consequence.notice = Self.notice(consequence.notice, problems: outcome.problems)
        return consequence
    }

    /// First all that make room, then all moves: files may have swapped their places.
    private func carryOut(
        _ moves: [MoveMatching.Move], _ scope: ScanScope, _ consequence: inout Consequence,
        _ batch: inout CatalogueBatch
    ) throws {
        for id in moves.compactMap(\.arrival.trackID) { try TrackMove.vacatePlace(of: id, batch.connection) }
        for move in moves {
            guard let track = try StoredTrack.find(move.trackID, batch.connection) else { continue }
            let arrival = move.arrival
            try TrackMove(track, batch.connection)
                .move(to: arrival.folder, name: arrival.name, facts: arrival.facts, &batch)
            guard scope.mode == .full else { continue }
            consequence.tasks.append(scope.indexTask(move.path, arrival.facts, known: nil, track.id))
        }
        consequence.progress.moved = moves.count
    }

    /// False when the loss looks like a disk that is away, and so nothing is believed of it.
    private func settleMissing(
        _ departed: [MoveMatching.Lost], _ outcome: ScanCompleteOutcome, _ scope: ScanScope,
        _ consequence: inout Consequence, _ batch: inout CatalogueBatch
    ) throws -> Bool {
        if outcome.rootUnavailable {
            consequence.notice = "\(scope.path.display) is absent or empty: nothing was marked missing"
            return false
        }
        if !departed.isEmpty, !scope.acceptMissing {
            let present = try presentTracks(in: scope.rootPath, batch.connection)
            guard Self.isBelievable(departed.count, of: present) else {
                consequence.notice =
                    "\(departed.count) of the \(present) tracks of \(scope.rootPath.display) were not found; that is "
                    + "more than 30 %, so nothing was marked missing: is a disk not mounted? If they are gone for good, "
                    + "scan again with --accept-missing (accept_missing over HTTP)"
                return false
            }
        }
        for track in departed {
            try batch.connection.execute("UPDATE track SET state = 1 WHERE id = \(track.trackID)")
            batch.vectorChanged(track.trackID)
        }
        consequence.progress.missing = departed.count
        return true
    }

    private static func isBelievable(_ departed: Int, of present: Int) -> Bool {
        departed == 1 && present > 1 || Double(departed) <= maxMissingShare * Double(present)
    }

    /// Present tracks whose path the walk did not meet: in folders that it saw, and in folders that are gone.
    private func departedTracks(
        _ outcome: ScanCompleteOutcome, _ candidates: ScanCandidates, _ scope: ScanScope, _ connection: any Connection
    ) throws -> [MoveMatching.Lost] {
        var ids = try Set(candidates.all(.departed).compactMap(\.trackID))
        for folderID in outcome.vanishedFolderIDs {
            try connection.forEach(
                """
                SELECT track.id FROM track JOIN folder ON folder.id = track.folder_id
                WHERE track.folder_id = \(folderID) AND track.state = 0 AND \(CatalogueRows.isFolder(in: scope.path, connection.dialect))
                """
            ) { row in _ = row.int(0).map { ids.insert($0) } }
        }
        return try lost(ids.sorted(), connection).filter(\.isPresent)
    }

    private func lost(_ ids: [Int64], _ connection: any Connection) throws -> [MoveMatching.Lost] {
        try ids.compactMap { id in
            try connection.first(
                "SELECT id, name, size, mtime_ns, inode, device, state FROM track WHERE id = \(id)",
                MoveMatching.Lost.init)
        }
    }

    /// Arrivals that were not indexed in the meantime, each with the track that is known at its path now.
    private func openArrivals(
        _ arrivals: [ScanCandidates.Entry], _ connection: any Connection
    ) throws -> [ScanCandidates.Entry] {
        try arrivals.compactMap { arrival in
            var arrival = arrival
            arrival.trackID = nil
            guard let folderID = try CatalogueRows.folderID(arrival.folder, connection),
                let known = try StoredTrack.find(folderID: folderID, name: arrival.name, connection)
            else { return arrival }
            arrival.trackID = known.id
            return known.isPresent && known.facts.looksUnchanged(from: arrival.facts) ? nil : arrival
        }
    }

    private static func distinct(_ lost: [MoveMatching.Lost]) -> [MoveMatching.Lost] {
        var seen: Set<Int64> = []
        return lost.filter { seen.insert($0.trackID).inserted }
    }

    /// Tracks that an earlier scan lost and that look like one of the arrivals.
    private func alreadyMissing(
        like arrivals: [ScanCandidates.Entry], _ connection: any Connection
    ) throws -> [MoveMatching.Lost] {
        var lost: [MoveMatching.Lost] = []
        for (facts, likes) in Dictionary(grouping: arrivals, by: { MoveMatching.Facts($0.facts) }) {
            lost += try connection.all(
                """
                SELECT id, name, size, mtime_ns, inode, device, state FROM track
                WHERE size = \(facts.size) AND mtime_ns = \(facts.mtimeNs) AND state = 1
                ORDER BY id LIMIT \(likes.count)
                """, MoveMatching.Lost.init)
        }
        return lost
    }

    private func presentTracks(in scope: FilePath, _ connection: any Connection) throws -> Int {
        let count = try connection.first(
            """
            SELECT count(*) FROM folder JOIN track ON track.folder_id = folder.id
            WHERE \(CatalogueRows.isFolder(in: scope, connection.dialect)) AND track.state = 0
            """
        ) { $0.int(0) ?? 0 }
        return Int(clamping: count ?? 0)
    }

    private func removeEmptyFolders(_ ids: [Int64], _ connection: any Connection) throws {
        for id in ids {
            try connection.execute("DELETE FROM rejected_file WHERE folder_id = \(id)")
            try connection.execute(
                "DELETE FROM folder WHERE id = \(id) AND NOT EXISTS (SELECT 1 FROM track WHERE folder_id = \(id))")
        }
    }

    private static func notice(_ notice: String?, problems: [String]) -> String? {
        guard let first = problems.first else { return notice }
        let text = problems.count == 1 ? first : "\(problems.count) places could not be read; the first: \(first)"
        return notice.map { "\($0); \(text)" } ?? text
    }
}

extension MoveMatching.Lost {
    /// Of the columns id, name, size, mtime_ns, inode, device, state.
    fileprivate init(_ row: any Row) {
        trackID = row.int(0) ?? 0
        name = row.bytes(1) ?? []
        facts = FileFacts(
            size: row.int(2) ?? 0, mtimeNs: row.int(3) ?? 0, inode: row.int(4) ?? 0, device: row.int(5) ?? 0)
        isPresent = row.int(6) == CatalogueRows.present
    }
}

extension ScanCandidates.Entry {
    var path: FilePath { folder.appending(name) }
}

extension MoveMatching.Move {
    var path: FilePath { arrival.path }
}
