/// Where the nearest vectors are looked for: SILLON_VECTOR_SEARCH.
enum VectorSearch: String, CaseIterable, Sendable {
    /// In an index in this process's memory.
    case memory
    /// In a table of the PostgreSQL database, by its extension of that name.
    case pgvector

    init(_ environment: Environment) throws(CommandError) {
        guard let text = environment["SILLON_VECTOR_SEARCH"] else {
            self = .memory
            return
        }
        guard let known = VectorSearch(rawValue: text.lowercased()) else {
            throw .misconfigured("SILLON_VECTOR_SEARCH is memory or pgvector, not \"\(text)\"")
        }
        self = known
    }
}
