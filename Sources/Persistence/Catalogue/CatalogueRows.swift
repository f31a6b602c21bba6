import Domain

/// Names and small look-ups that the parts of the catalogue share.
enum CatalogueRows {
    static let present: Int64 = 0
    static let missing: Int64 = 1
    static let artistRole: Int64 = 0
    static let albumArtistRole: Int64 = 1
    static let pendingAnalysis: Int64 = 1
    static let pendingVector: Int64 = 2
    static let cacheHits = "cache_hits"
    static let vectorSequence = "vector_sequence"
    /// The model of the built-in embedding.
    static let model = "acoustic-v1"

    static func folderID(_ path: FilePath, _ connection: any Connection) throws -> Int64? {
        let query: Query = "SELECT folder.id FROM folder WHERE \(isFolder(path, connection.dialect))"
        return try connection.first(query) { $0.int(0) ?? 0 }
    }

    /// `folder.path` is exactly this; goes through the unique index (PostgreSQL's entries are too short for some paths).
    static func isFolder(_ path: FilePath, _ dialect: Dialect) -> Query {
        switch dialect {
        case .sqlite: "folder.path = \(path.bytes)"
        case .postgres: "sha256(folder.path) = sha256(\(path.bytes))"
        }
    }

    /// `folder.path` is the scope or lies below it; goes through the index on `path`.
    static func isFolder(in scope: FilePath, _ dialect: Dialect) -> Query {
        let below = scope.bytes.last == FilePath.slash ? scope.bytes : scope.bytes + [FilePath.slash]
        let end = below.dropLast() + [FilePath.slash + 1]
        let exact: Query = "(folder.path = \(scope.bytes) OR (folder.path >= \(below) AND folder.path < \(Array(end))))"
        guard dialect == .postgres else { return exact }
        // Its index holds the beginnings of paths, which narrow the search down.
        return """
            (substr(folder.path, 1, 1024) BETWEEN substr(\(scope.bytes), 1, 1024) AND substr(\(Array(end)), 1, 1024)
                AND \(exact))
            """
    }
}
