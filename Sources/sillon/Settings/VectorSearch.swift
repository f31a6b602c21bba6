/// Where the nearest vectors are looked for.
enum VectorSearch: String, CaseIterable, Sendable {
    /// In an index in this process's memory.
    case memory
    /// In a table of the PostgreSQL database, by its extension of that name.
    case pgvector
}
