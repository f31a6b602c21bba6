/// How far one look into an HNSW index goes.
struct PgvectorScan: Hashable, Sendable {
    /// Candidates that the index keeps in view, `hnsw.ef_search`.
    let breadth: Int
    /// Rows in the answer at most.
    let limit: Int
    /// Goes on until `limit` is reached, where the version can.
    var isIterative = false

    /// The extension takes no more.
    static let maxBreadth = 1000
    /// Rows that an iterative scan visits at most, the extension's own default: `hnsw.max_scan_tuples`.
    static let maxVisited = 20_000

    /// For this transaction only. With sorting switched off the planner takes the index wherever there is one.
    var settings: Query {
        let common: Query = """
            SELECT set_config('enable_sort', 'off', true),
            set_config('hnsw.ef_search', CAST(\(breadth) AS text), true)
            """
        guard isIterative else { return common }
        return common + ", set_config('hnsw.iterative_scan', 'strict_order', true)"
    }
}
