import Contracts
import Domain

/// What becomes of a file that was indexed: the sheet that cuts it, if one does, and the rows that follow.
///
/// A sheet beside the file comes first, then one in its tags. One that does not fit the file is noted as refused, so that
/// scans do not ask again before it changes, and the file stays one track.
struct AppliedSheet {
    /// A row that the file comes to.
    struct Piece {
        let number: Int?
        let stretch: Stretch?
        /// What the file says, as it holds for this piece.
        let outcome: IndexCompleteOutcome
    }

    private let cut: SheetCut?
    private let digest: String?
    /// Why a sheet was not applied.
    let refusal: String?

    /// - Parameter asked: What the task says of sheets; nil when it says nothing, and then what is known holds.
    init(_ asked: SheetCut?, _ outcome: IndexCompleteOutcome, _ known: [StoredTrack]) throws {
        if let beside = try asked ?? Self.known(known), !beside.parts.isEmpty {
            digest = SheetDigest.of(beside)
            refusal = beside.problem(inFileOf: outcome.properties.durationMs)
            cut = refusal == nil ? beside : nil
            return
        }
        // Sheets in tags are as old as the file: what is wrong with one is no news.
        let embedded = Self.embedded(in: outcome)
        (cut, refusal) = (embedded, nil)
        digest = embedded.map(SheetDigest.ofEmbedded)
    }

    /// The sheet beside the file as it was applied last.
    private static func known(_ rows: [StoredTrack]) throws -> SheetCut? {
        guard let row = rows.first(where: { $0.isPresent && $0.sheet != nil }), let sheet = row.sheet,
            row.sheetDigest.map({ !SheetDigest.isEmbedded($0) }) == true
        else { return nil }
        return try ContractJSON.decode(SheetCut.self, from: sheet)
    }

    private static func embedded(in outcome: IndexCompleteOutcome) -> SheetCut? {
        guard let text = outcome.metadata.extra["cuesheet"]?.first,
            let sheet = try? CueSheet(text: text),  // it may hold anything; the file is a track without it
            sheet.files.count == 1, let cut = sheet.cut(sheet.files[0]),
            cut.problem(inFileOf: outcome.properties.durationMs) == nil
        else { return nil }
        return cut
    }

    /// As far as the task and the file tell: what is known is not looked at.
    static func pieces(of outcome: IndexCompleteOutcome, in completion: Completion) throws -> [Piece] {
        guard case .indexFile(let payload) = completion.payload else { return [] }
        return try AppliedSheet(payload.cut, outcome, []).pieces(of: outcome)
    }

    func pieces(of outcome: IndexCompleteOutcome) -> [Piece] {
        guard let cut else { return [Piece(number: nil, stretch: nil, outcome: outcome)] }
        return cut.parts.map { part in
            var own = outcome
            own.metadata = outcome.metadata.part(part, of: cut.album)
            own.properties.durationMs = part.segment?.stretch.durationMs(ofFile: outcome.properties.durationMs)
            return Piece(number: part.number, stretch: part.segment?.stretch, outcome: own)
        }
    }

    /// Notes the sheet on the rows that were written; the file's other rows go missing, with their plays and marks.
    func record(on written: Set<Int64>, _ known: [StoredTrack], _ batch: inout CatalogueBatch) throws {
        let others = known.filter { !written.contains($0.id) }
        for row in others {
            // The whole file is known by it as one that its parts stand for.
            if row.sheetDigest == nil, digest != nil {
                try batch.connection.perform("UPDATE track SET sheet_digest = \(digest) WHERE id = \(row.id)")
            }
            guard row.isPresent else { continue }
            try batch.connection.perform(
                "UPDATE track SET state = 1, missing_scan = NULL, sheet = NULL WHERE id = \(row.id)")
            batch.vectorChanged(row.id)
        }
        guard digest != nil || known.contains(where: { $0.sheetDigest != nil }) else { return }
        let text = cut.map { ContractJSON.encode($0) }
        let first = written.min()
        for id in written {
            try batch.connection.perform(
                "UPDATE track SET sheet_digest = \(digest), sheet = \(id == first ? text : nil) WHERE id = \(id)")
        }
    }
}
