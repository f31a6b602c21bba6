import Domain

/// A row of `track`, as far as settling needs it.
struct StoredTrack {
    let id: Int64
    let folderID: Int64
    let name: [UInt8]
    let isPresent: Bool
    let facts: FileFacts
    let albumID: Int64?
    let contentKey: String?
    let coverHash: String?
    let addedAt: Int64
    /// `TrackDetails` as JSON.
    let details: String
    /// The stage that the track waits for, if any.
    let pending: Int64?
    /// Where the track lies in its file; nil for the whole file.
    let stretch: Stretch?
    let sheetDigest: String?
    /// `SheetCut` as JSON, on the first part of a file.
    let sheet: String?

    static let columns: Query = """
        id, folder_id, name, state, size, mtime_ns, inode, device, album_id, content_key, cover_hash, added_at, details, pending,
        begin_us, end_us, sheet_digest, sheet
        """

    var place: PartName { PartName(stored: name) }

    init(_ row: any Row) {
        id = row.int(0) ?? 0
        folderID = row.int(1) ?? 0
        name = row.bytes(2) ?? []
        isPresent = row.int(3) == CatalogueRows.present
        facts = FileFacts(
            size: row.int(4) ?? 0, mtimeNs: row.int(5) ?? 0, inode: row.int(6) ?? 0, device: row.int(7) ?? 0)
        albumID = row.int(8)
        contentKey = row.text(9)
        coverHash = row.text(10)
        addedAt = row.int(11) ?? 0
        details = row.text(12) ?? ""
        pending = row.int(13)
        stretch = row.int(14).flatMap { Stretch(beginUs: $0, endUs: row.int(15)) }
        sheetDigest = row.text(16)
        sheet = row.text(17)
    }

    /// By byte: Swift calls a name in NFC and in NFD equal, but a retag from one to the other is a change.
    func hasDetails(_ json: String) -> Bool {
        details.utf8.count == json.utf8.count && details.utf8.elementsEqual(json.utf8)
    }

    static func find(_ id: Int64, _ connection: any Connection) throws -> StoredTrack? {
        try connection.first("SELECT \(columns) FROM track WHERE id = \(id)", StoredTrack.init)
    }

    /// All rows of a file: the whole, and its parts.
    static func rows(
        folderID: Int64, file: [UInt8], _ connection: any Connection
    ) throws -> [StoredTrack] {
        try connection.all(
            "SELECT \(columns) FROM track WHERE folder_id = \(folderID) AND \(PartName.isOf(file)) ORDER BY id",
            StoredTrack.init)
    }

    /// The row that stands for a file where files are compared: the oldest that is present, else the oldest.
    static func find(folderID: Int64, file: [UInt8], _ connection: any Connection) throws -> StoredTrack? {
        let rows = try rows(folderID: folderID, file: file, connection)
        return rows.first(where: \.isPresent) ?? rows.first
    }
}
