import Domain

extension FolderComparison.KnownFile {
    /// The rows of each file as one: the oldest that is present stands for it, or else the oldest.
    /// - Parameter rows: one for each row of a folder.
    /// - Returns: sorted by name, by byte.
    static func joined(_ rows: [FolderComparison.KnownFile]) -> [FolderComparison.KnownFile] {
        Dictionary(grouping: rows) { PartName(stored: $0.name).file }.map { file, rows in
            if rows.count == 1, rows[0].name == file { return rows[0] }
            let rows = rows.sorted { $0.trackID < $1.trackID }
            let first = rows.first(where: \.isPresent) ?? rows[0]
            return FolderComparison.KnownFile(
                trackID: first.trackID, name: file, isPresent: first.isPresent, facts: first.facts,
                sheetDigest: first.sheetDigest,
                rows: rows.map {
                    FolderComparison.KnownRow(
                        trackID: $0.trackID, name: $0.name, isPresent: $0.isPresent, sheetDigest: $0.sheetDigest)
                })
        }.sorted { FolderComparison.order($0.name, $1.name) < 0 }
    }
}
