import Domain

/// What may follow what, for lists that are played in their order.
struct FlowRules {
    let rules: SimilarityRules
    let table: FactsTable

    /// The rules that the track would break behind the others, the last of which was played last.
    func broken(by row: FactsTable.Row, after played: [FactsTable.Row]) -> [SimilarityRule] {
        var broken: [SimilarityRule] = []
        let mine = artists(row)
        if played.suffix(rules.artistGap).contains(where: { artists($0).contains(where: mine.contains) }) {
            broken.append(.artistGap)
        }
        if row.albumID != 0, played.suffix(rules.albumGap).contains(where: { $0.albumID == row.albumID }) {
            broken.append(.albumGap)
        }
        guard let last = played.last else { return broken }
        if let limit = rules.maxTempoJump, last.tempo > 0,
            TempoJump.percent(from: Double(last.tempo), to: Double(row.tempo)) > Double(limit)
        {
            broken.append(.tempo)
        }
        if rules.keys == .compatible, let old = CamelotKey(ordinal: last.key) {
            let fits = CamelotKey(ordinal: row.key).map { old.isCompatible(with: $0) } ?? false
            if !fits { broken.append(.keys) }
        }
        return broken
    }

    private func artists(_ row: FactsTable.Row) -> [Int64] {
        row.artists < 0 ? [] : table.idLists[row.artists] ?? []
    }
}
