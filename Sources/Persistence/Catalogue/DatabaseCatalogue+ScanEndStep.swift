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
            try carryOut(moves, &batch)
            consequence.progress.moved = moves.count
            if scope.mode == .full {
                consequence.tasks = moves.map { scope.indexTask($0.path, $0.arrival.facts, known: nil, $0.trackID) }
            }
        case .markMissing(let tracks): consequence.progress.missing = try markMissing(tracks, &batch)
        case .removeFolders(let ids): try removeEmptyFolders(ids, connection)
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
        return try connection.first(
            "SELECT id FROM track WHERE folder_id = \(folderID) AND name = \(move.arrival.name)"
        ) { $0.int(0) ?? 0 }
    }

    /// First all that make room, then all moves: files may have swapped their places.
    private func carryOut(_ moves: [MoveMatching.Move], _ batch: inout CatalogueBatch) throws {
        let tracks = try moves.compactMap { try StoredTrack.find($0.trackID, batch.connection) }
        for move in moves {
            guard let occupant = try occupant(of: move, batch.connection) else { continue }
            try TrackMove.vacatePlace(of: occupant, batch.connection)
        }
        for (move, track) in zip(moves, tracks) {
            try TrackMove(track, batch.connection)
                .move(to: move.arrival.folder, name: move.arrival.name, facts: move.arrival.facts, &batch)
        }
    }

    /// Only tracks that are still where they were missed.
    private func markMissing(_ tracks: [MoveMatching.Lost], _ batch: inout CatalogueBatch) throws -> Int {
        var count = 0
        for track in tracks {
            let marked = try batch.connection.execute(
                """
                UPDATE track SET state = 1
                WHERE id = \(track.trackID) AND folder_id = \(track.folderID) AND name = \(track.name) AND state = 0
                """)
            guard marked > 0 else { continue }
            batch.vectorChanged(track.trackID)
            count += 1
        }
        return count
    }

    private func removeEmptyFolders(_ ids: [Int64], _ connection: any Connection) throws {
        for id in ids {
            try connection.execute("DELETE FROM rejected_file WHERE folder_id = \(id)")
            try connection.execute(
                "DELETE FROM folder WHERE id = \(id) AND NOT EXISTS (SELECT 1 FROM track WHERE folder_id = \(id))")
        }
    }
}
