import Domain

/// The best list that the rules allow, out of an exhaustive ranking of which only the top is looked at.
package enum SimilarList {
    package struct Hit: Sendable {
        package let id: Int64
        /// Cosine of the angle to the question.
        package let likeness: Float
        package let pick: Arrangement.Pick
    }

    /// Candidates beyond the limit that are fetched at first, for what the rules take out.
    private static let reserve = 32

    /// The same list as from a complete ranking (of `VectorIndex.maxLimit` tracks at most): more candidates are fetched
    /// until the rules are kept without breaking any, or there are no more.
    ///
    /// - Parameter nearest: The best so many candidates; fewer only when there are no more.
    package static func find(
        limit: Int, table: FactsTable, rules: SimilarityRules,
        nearest: (Int) async throws -> [VectorIndex.Neighbour]
    ) async rethrows -> [Hit] {
        var fetched = limit + reserve
        while true {
            let ranked = try await nearest(fetched)
            var arrangement = Arrangement(ranked.map(\.id), table: table, rules: rules)
            let isComplete = ranked.count < fetched || fetched >= VectorIndex.maxLimit
            if arrangement.fill(limit, isComplete: isComplete) {
                return arrangement.picks.map { pick in
                    Hit(id: ranked[pick.rank].id, likeness: ranked[pick.rank].score, pick: pick)
                }
            }
            fetched = min(VectorIndex.maxLimit, fetched * 4)
        }
    }
}
