import Contracts
import Domain
import UseCases

/// With the whole scope seen, moves are told from copies, and what is gone is known. Reads only.
extension DatabaseCatalogue {
    /// A scan that would mark more than this share of the tracks in its library root missing marks none, unless the
    /// user said that they are gone. One file of several may always be gone: no disk holds just that.
    static let maxMissingShare = 0.30

    func steps(
        _ phase: ScanPhase, scope: ScanScope, marked: Int, in connection: any Connection
    ) throws -> [ScanEndStep] {
        switch phase {
        case .places(let outcome): try placeSteps(outcome, scope, marked, connection)
        case .chains: ScanEndStep.cut(try unfinishedTasks(scope, connection)) { .queue($0) }
        case .candidates: try candidateSteps(scope, connection)
        }
    }

    private func placeSteps(
        _ outcome: ScanCompleteOutcome, _ scope: ScanScope, _ marked: Int, _ connection: any Connection
    ) throws -> [ScanEndStep] {
        let candidates = ScanCandidates(scanRowID: scope.rowID, connection: connection)
        let departed = try departedTracks(outcome, candidates, scope, connection)
        let arrivals = try openArrivals(candidates.arrived(), connection)
        let displaced = try displacedTracks(arrivals, connection)
        let missing = try alreadyMissing(like: arrivals, connection)
        // Gone from where this scan does not list: worth a match, and no loss of this scan.
        let elsewhere = try candidates.departed("NOT \(scope.lists(connection.dialect))")
        let lost = MoveMatching.onePerFile(Self.distinct(departed + displaced + missing + elsewhere))
        let (moves, copies) = MoveMatching.match(arrivals, lost)
        let facts = Dictionary(displaced.map { ($0.trackID, $0.facts) }, uniquingKeysWith: { first, _ in first })
        let tasks = copies.map { copy in
            scope.indexTask(
                copy.path, copy.facts, known: copy.trackID.flatMap { facts[$0] }, copy.trackID, cut: copy.cut)
        }
        let moved = Set(moves.map { MoveMatching.Place($0.lost) })
        let gone = departed.filter { !moved.contains(MoveMatching.Place($0)) }
        // Tracks that this scan marked before it was interrupted are part of its loss.
        let loss = (marked: marked, returned: moves.count { !$0.lost.isPresent })
        return MoveMatching.steps(moves, maxItems: ScanEndStep.maxItems).map { .move($0) }
            + ScanEndStep.cut(tasks) { .queue($0) }
            + (try lossSteps(gone, outcome, scope, loss, connection))
    }

    /// Decided once for the whole scan, before anything is marked. When the loss looks like a disk that is away,
    /// nothing is believed of it.
    private func lossSteps(
        _ gone: [MoveMatching.Lost], _ outcome: ScanCompleteOutcome, _ scope: ScanScope,
        _ loss: (marked: Int, returned: Int),
        _ connection: any Connection
    ) throws -> [ScanEndStep] {
        if outcome.rootUnavailable {
            return [.notice("\(scope.path.display) is absent or empty: nothing was marked missing")]
        }
        if !gone.isEmpty, !scope.acceptMissing {
            let lost = gone.count + loss.marked
            let present = try presentTracks(in: scope.rootPath, connection) + loss.returned + loss.marked
            let files = Set(gone.map(MoveMatching.Place.init)).count + loss.marked
            guard Self.isBelievable(lost, of: present, files: files) else {
                return [
                    .notice(
                        "\(lost) of the \(present) tracks of \(scope.rootPath.display) were not found; that is more than "
                            + "30 %, so nothing was marked missing: is a disk not mounted? If they are gone for good, "
                            + "scan again with --accept-missing (accept_missing over HTTP)")
                ]
            }
        }
        return ScanEndStep.cut(gone) { .markMissing($0) }
            + ScanEndStep.cut(outcome.vanishedFolderIDs) { .removeFolders($0) }
            + (try PlaylistFileRows.anyGone(in: scope, connection) ? [.removePlaylists] : [])
    }

    private static func isBelievable(_ lost: Int, of present: Int, files: Int) -> Bool {
        files == 1 && present > lost || Double(lost) <= maxMissingShare * Double(present)
    }

    private func candidateSteps(_ scope: ScanScope, _ connection: any Connection) throws -> [ScanEndStep] {
        let count = try ScanCandidates(scanRowID: scope.rowID, connection: connection).count()
        let steps = (count + ScanEndStep.maxItems - 1) / ScanEndStep.maxItems
        return Array(repeating: .forgetCandidates, count: steps)
    }

    /// Present tracks whose path the walk did not meet: in folders that it saw, and in folders that are gone.
    private func departedTracks(
        _ outcome: ScanCompleteOutcome, _ candidates: ScanCandidates, _ scope: ScanScope, _ connection: any Connection
    ) throws -> [MoveMatching.Lost] {
        var departed = try candidates.departed(scope.lists(connection.dialect))
        // A shallow walk, too, sees that a folder in its own is gone.
        let isInScope = CatalogueRows.isFolder(in: scope.path, connection.dialect)
        for folderID in outcome.vanishedFolderIDs {
            departed += try connection.all(
                """
                SELECT \(MoveMatching.Lost.columns) FROM track JOIN folder ON folder.id = track.folder_id
                WHERE track.folder_id = \(folderID) AND track.state = 0 AND \(isInScope)
                """, MoveMatching.Lost.init)
        }
        return Self.distinct(departed).sorted { $0.trackID < $1.trackID }
    }

    private func displacedTracks(
        _ arrivals: [ScanCandidates.Entry], _ connection: any Connection
    ) throws -> [MoveMatching.Lost] {
        try arrivals.compactMap(\.trackID).compactMap { id in
            try connection.first(
                "SELECT \(MoveMatching.Lost.columns) FROM track WHERE track.id = \(id)", MoveMatching.Lost.init)
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
                let known = try StoredTrack.find(folderID: folderID, file: arrival.name, connection)
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
                SELECT \(MoveMatching.Lost.columns) FROM track
                WHERE size = \(facts.size) AND mtime_ns = \(facts.mtimeNs) AND state = 1
                ORDER BY track.id LIMIT \(likes.count * (SheetCut.maxParts + 1))
                """, MoveMatching.Lost.init)
        }
        // The whole file waits beside its parts, and parts that their sheet dropped: their file is where it was.
        return try lost.filter { row in
            try StoredTrack.find(folderID: row.folderID, file: row.file, connection)?.isPresent != true
        }
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

    /// What a walk says at its end, with everything else carried out.
    static func notice(problems: [String]) -> String? {
        guard let first = problems.first else { return nil }
        return problems.count == 1 ? first : "\(problems.count) places were passed over; the first: \(first)"
    }
}
