import Domain
import UseCases

/// The steps of a scan's end, each in the caller's transaction. Between two of them the catalogue may change.
extension DatabaseCatalogue {
    func carryOut(
        _ step: ScanEndStep, scope: ScanScope, now: Int64, in connection: any Connection
    ) throws -> Consequence? {
        var consequence = Consequence()
        var batch = CatalogueBatch(connection: connection, now: now)
        switch step {
        case .notice(let text): consequence.notice = text
        case .queue(let tasks): consequence.tasks = tasks
        case .move(let moves):
            guard try areAsPlanned(moves, connection) else { return nil }
            for move in moves where !move.lost.isPresent {
                try consequence.countFoundAgain(move.trackID, connection)
            }
            let withSheets = try carryOut(moves, &batch)
            consequence.progress.moved = moves.count
            consequence.tasks = moves.filter { scope.mode == .full || withSheets.contains($0.trackID) }.map {
                scope.indexTask($0.path, $0.arrival.facts, known: nil, $0.trackID, cut: $0.arrival.cut)
            }
        case .markMissing(let tracks):
            for track in tracks { try markMissing(track, scope, &consequence.progress, &batch) }
        case .removeFolders(let ids): try removeEmptyFolders(ids, connection)
        case .removePlaylists: try PlaylistFileRows.removeGone(in: scope, connection)
        case .forgetCandidates:
            try ScanCandidates(scanRowID: scope.rowID, connection: connection).forget(atMost: ScanEndStep.maxItems)
        }
        try batch.flush()
        return consequence
    }

    private func areAsPlanned(_ moves: [MoveMatching.Move], _ connection: any Connection) throws -> Bool {
        let moving = Set(moves.map(\.trackID))
        return try moves.allSatisfy { move in
            guard let track = try StoredTrack.find(move.trackID, connection), track.folderID == move.lost.folderID,
                track.name == move.lost.name, track.isPresent == move.lost.isPresent
            else { return false }
            guard let occupant = try occupant(of: move, connection) else { return true }
            return moving.contains(occupant)
        }
    }

    private func occupant(of move: MoveMatching.Move, _ connection: any Connection) throws -> Int64? {
        guard let folderID = try CatalogueRows.folderID(move.arrival.folder, connection) else { return nil }
        return try StoredTrack.find(folderID: folderID, file: move.arrival.name, connection)?.id
    }

    /// First all that make room, then all moves: files may have swapped their places. A file goes with all its rows.
    /// - Returns: moves of files that a sheet cuts or has cut: what they are at their new place, their index tells.
    private func carryOut(_ moves: [MoveMatching.Move], _ batch: inout CatalogueBatch) throws -> Set<Int64> {
        let files = try moves.map { move in
            try StoredTrack.rows(folderID: move.lost.folderID, file: move.lost.file, batch.connection)
        }
        let occupants = Set(try moves.compactMap { try occupant(of: $0, batch.connection) })
        for (move, rows) in zip(moves, files) where occupants.contains(move.trackID) {
            for track in rows { try TrackMove.vacatePlace(of: track.id, batch.connection) }
        }
        var withSheets: Set<Int64> = []
        for (move, rows) in zip(moves, files) {
            if rows.count > 1 || move.lost.hasSheet || move.arrival.cut != nil { withSheets.insert(move.trackID) }
            for track in rows {
                // A row that was left behind when its file changed stays as old as it is.
                let isAsTheFile = track.facts.looksUnchanged(from: move.lost.facts)
                let name = PartName(file: move.arrival.name, number: track.place.number).stored
                try TrackMove(track, batch.connection).move(
                    to: move.arrival.folder, name: name, facts: isAsTheFile ? move.arrival.facts : track.facts,
                    isPresent: track.isPresent || rows.count == 1, &batch)
            }
        }
        return withSheets
    }

    /// Only a track that is still where it was missed, and was not heard elsewhere since the scan began.
    private func markMissing(
        _ lost: MoveMatching.Lost, _ scope: ScanScope, _ progress: inout ScanProgress, _ batch: inout CatalogueBatch
    ) throws {
        let marked = try batch.connection.execute(
            """
            UPDATE track SET state = 1, missing_scan = \(scope.rowID)
            WHERE id = \(lost.trackID) AND folder_id = \(lost.folderID) AND name = \(lost.name) AND state = 0
            """)
        guard marked > 0 else { return }
        if let twin = try youngTwin(of: lost.trackID, scope, batch.connection),
            let track = try StoredTrack.find(lost.trackID, batch.connection)
        {
            try merge(twin, into: track, &batch)
            progress.moved += 1
        } else {
            batch.vectorChanged(lost.trackID)
            progress.missing += 1
        }
    }

    /// The file of a lost track with other tags at another place, which this scan met and had heard before it missed
    /// the track. A copy that an earlier scan met beside the track is one of its own.
    private func youngTwin(
        of trackID: Int64, _ scope: ScanScope, _ connection: any Connection
    ) throws -> StoredTrack? {
        let id = try connection.first(
            """
            SELECT twin.id FROM track AS old JOIN track AS twin ON twin.content_key = old.content_key
            WHERE old.id = \(trackID) AND twin.state = 0 AND twin.id > old.id AND twin.added_at > \(scope.createdAt)
            ORDER BY twin.id LIMIT 1
            """
        ) { $0.int(0) }
        guard let id = id ?? nil else { return nil }
        return try StoredTrack.find(id, connection)
    }

    private func removeEmptyFolders(_ ids: [Int64], _ connection: any Connection) throws {
        try PlaylistFileRows.remove(inFolders: ids, connection)
        for id in ids {
            try connection.execute("DELETE FROM rejected_file WHERE folder_id = \(id)")
            try connection.execute(
                "DELETE FROM folder WHERE id = \(id) AND NOT EXISTS (SELECT 1 FROM track WHERE folder_id = \(id))")
        }
    }
}
