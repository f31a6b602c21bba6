import Domain

/// Puts candidates into an order that keeps the rules, as near to the order of likeness as they allow.
package struct Arrangement {
    package struct Pick: Equatable, Sendable {
        /// Of the candidate, from 0.
        package let rank: Int
        /// What made it stand lower than its rank.
        package let movedBy: SimilarityRule?
        /// What could not be kept here.
        package let broken: [SimilarityRule]
    }

    private let rows: [FactsTable.Row]
    private let lists: Interned<[Int64]>
    private let rules: SimilarityRules
    private var recordings = RecordingGroups()
    private var artistCounts: [Int64: Int] = [:]
    private var albumCounts: [Int64: Int] = [:]
    /// Candidates that were passed over, with the rule, in order of rank.
    private var waiting: [(rank: Int, rule: SimilarityRule)] = []
    private var next = 0
    package private(set) var picks: [Pick] = []

    /// - Parameter candidates: Best first; one without facts counts as a track of nobody.
    package init(_ candidates: [Int64], table: FactsTable, rules: SimilarityRules) {
        rows = candidates.map { table.row($0) ?? .unknown($0) }
        lists = table.idLists
        self.rules = rules
    }

    /// False when more candidates might keep rules that were broken, or fill the list.
    package mutating func fill(_ limit: Int, isComplete: Bool) -> Bool {
        while picks.count < limit {
            if takeFitting() { continue }
            guard isComplete else { return false }
            guard takeAnyway() else { return true }
        }
        return true
    }

    /// The best of those that wait or come and keep all rules.
    private mutating func takeFitting() -> Bool {
        var index = 0
        while index < waiting.count {
            let (rank, rule) = waiting[index]
            if isOut(rank) {
                waiting.remove(at: index)
            } else if spacing(rank) == nil {
                waiting.remove(at: index)
                take(rank, passedOverBy: rule, broken: [])
                return true
            } else {
                index += 1
            }
        }
        while next < rows.count {
            let rank = next
            next += 1
            if isOut(rank) { continue }
            guard let rule = spacing(rank) else {
                take(rank, passedOverBy: nil, broken: [])
                return true
            }
            waiting.append((rank, rule))
        }
        return false
    }

    /// Nothing keeps the spacing any more: the best that waits.
    private mutating func takeAnyway() -> Bool {
        while !waiting.isEmpty {
            let (rank, rule) = waiting.removeFirst()
            if isOut(rank) { continue }
            take(rank, passedOverBy: rule, broken: spacing(rank).map { [$0] } ?? [])
            return true
        }
        return false
    }

    /// By a rule that no other place in the list would keep.
    private func isOut(_ rank: Int) -> Bool {
        let row = rows[rank]
        if rules.duplicates == .leaveOut, recordings.find(row) != nil { return true }
        if let limit = rules.maxPerAlbum, row.albumID != 0, albumCounts[row.albumID, default: 0] >= limit {
            return true
        }
        guard let limit = rules.maxPerArtist else { return false }
        return artists(row).contains { artistCounts[$0, default: 0] >= limit }
    }

    private func spacing(_ rank: Int) -> SimilarityRule? {
        let row = rows[rank]
        let mine = artists(row)
        for pick in picks.suffix(rules.artistGap) where artists(rows[pick.rank]).contains(where: mine.contains) {
            return .artistGap
        }
        for pick in picks.suffix(rules.albumGap) where row.albumID != 0 && rows[pick.rank].albumID == row.albumID {
            return .albumGap
        }
        return nil
    }

    private mutating func take(_ rank: Int, passedOverBy rule: SimilarityRule?, broken: [SimilarityRule]) {
        let isMoved = picks.contains { $0.rank > rank }
        picks.append(Pick(rank: rank, movedBy: isMoved ? rule : nil, broken: broken))
        let row = rows[rank]
        _ = recordings.number(row)
        for artist in artists(row) { artistCounts[artist, default: 0] += 1 }
        albumCounts[row.albumID, default: 0] += 1
    }

    private func artists(_ row: FactsTable.Row) -> [Int64] { row.artists < 0 ? [] : lists[row.artists] ?? [] }
}
