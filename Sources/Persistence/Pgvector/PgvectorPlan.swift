/// Which looks into the index a question is worth, before all that pass its gate are compared one by one.
///
/// The index knows nothing of the gate. So more are asked for than are needed; when too few of them pass, once more, if
/// the share that passed says that it may be enough; then exactly.
struct PgvectorPlan: Sendable {
    let limit: Int
    let isIndexed: Bool
    let iterates: Bool
    private var looks = 0

    /// Candidates in view at least, and for each that is wanted: see the table of recall in docs/similarity.md.
    static let (leastBreadth, breadthForEach) = (200, 2)
    /// The share that passes is an estimate.
    private static let reserve = 1.5

    init(limit: Int, isIndexed: Bool, iterates: Bool) {
        (self.limit, self.isIndexed, self.iterates) = (limit, isIndexed, iterates)
    }

    /// The next look, or nil when the exact answer is to be asked for.
    ///
    /// - Parameters:
    ///   - seen: Candidates of the look before.
    ///   - passed: How many of them the gate let through, fewer than are wanted.
    mutating func next(seen: Int = 0, passed: Int = 0) -> PgvectorScan? {
        guard isIndexed else { return nil }
        defer { looks += 1 }
        let breadth = min(PgvectorScan.maxBreadth, max(Self.leastBreadth, limit * Self.breadthForEach))
        switch looks {
        case 0:
            return PgvectorScan(breadth: breadth, limit: max(breadth, limit), isIterative: iterates && limit > breadth)
        case 1:
            guard passed > 0, seen >= breadth else { return nil }
            let wanted = Double(limit) * Double(seen) / Double(passed) * Self.reserve
            let most = iterates ? PgvectorScan.maxVisited : PgvectorScan.maxBreadth
            guard wanted <= Double(most), seen < most else { return nil }
            return PgvectorScan(
                breadth: iterates ? breadth : PgvectorScan.maxBreadth, limit: Int(wanted.rounded(.up)),
                isIterative: iterates)
        default: return nil
        }
    }
}
