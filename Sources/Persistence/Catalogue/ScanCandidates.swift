import Contracts
import Domain
import UseCases

/// What a walk cannot decide before its end: files that may have moved here, and files that may be gone.
struct ScanCandidates {
    enum Kind: Int64 {
        /// A file, new or another than before at its path, with the size and time of a track that is known elsewhere.
        case arrived = 0
        /// A present track whose path the walk did not meet.
        case departed = 1
    }

    struct Entry: Sendable {
        let folder: FilePath
        let name: [UInt8]
        let facts: FileFacts
        /// The track that departed, or the one that is known at the path where this file arrived.
        var trackID: Int64?
        /// Of a file that arrived: how the sheet beside it cuts it.
        var cut: SheetCut?

        var path: FilePath { folder.appending(name) }
    }

    /// Candidates of scans that were cancelled go when so many newer scans have begun.
    static let keptScans: Int64 = 100

    let scanRowID: Int64
    let connection: any Connection

    func add(_ kind: Kind, _ entry: Entry) throws {
        let facts = entry.facts
        let isSame: Query =
            connection.dialect == .sqlite
            ? "(scan_id, kind, folder_path, name)" : "(scan_id, kind, sha256(folder_path), name)"
        try connection.execute(
            """
            INSERT INTO scan_candidate
                (scan_id, folder_path, name, kind, track_id, size, mtime_ns, inode, device, cut)
            VALUES (\(scanRowID), \(entry.folder.bytes), \(entry.name), \(kind.rawValue), \(entry.trackID),
                \(facts.size), \(facts.mtimeNs), \(facts.inode), \(facts.device),
                \(entry.cut.map { ContractJSON.encode($0) }))
            ON CONFLICT \(isSame) DO UPDATE SET track_id = excluded.track_id, size = excluded.size,
                mtime_ns = excluded.mtime_ns, inode = excluded.inode, device = excluded.device,
                cut = excluded.cut
            """)
    }

    /// Files that may have moved here.
    func arrived() throws -> [Entry] {
        try connection.all(
            """
            SELECT folder_path, name, track_id, size, mtime_ns, inode, device, cut FROM scan_candidate
            WHERE scan_id = \(scanRowID) AND kind = \(Kind.arrived.rawValue) ORDER BY folder_path, name
            """
        ) { row in
            Entry(
                folder: FilePath(bytes: row.bytes(0) ?? []), name: row.bytes(1) ?? [],
                facts: FileFacts(
                    size: row.int(3) ?? 0, mtimeNs: row.int(4) ?? 0, inode: row.int(5) ?? 0, device: row.int(6) ?? 0),
                trackID: row.int(2), cut: try row.text(7).map { try ContractJSON.decode(SheetCut.self, from: $0) })
        }
    }

    /// Present tracks of which no file is where they are known; one that was moved meanwhile is none.
    /// - Parameter place: a condition on `folder`.
    func departed(_ place: Query) throws -> [MoveMatching.Lost] {
        try connection.all(
            """
            SELECT \(MoveMatching.Lost.columns) FROM scan_candidate
            JOIN track ON track.id = scan_candidate.track_id AND track.name = scan_candidate.name
            JOIN folder ON folder.id = track.folder_id AND folder.path = scan_candidate.folder_path
            WHERE scan_candidate.scan_id = \(scanRowID) AND kind = \(Kind.departed.rawValue) AND track.state = 0
                AND \(place)
            """, MoveMatching.Lost.init)
    }

    func count() throws -> Int {
        Int(
            clamping: try connection.first("SELECT count(*) FROM scan_candidate WHERE \(isStale)") { $0.int(0) ?? 0 }
                ?? 0)
    }

    /// Answers how many there were.
    @discardableResult
    func forget(atMost limit: Int) throws -> Int {
        try connection.execute(
            """
            DELETE FROM scan_candidate WHERE (scan_id, kind, folder_path, name) IN (
                SELECT scan_id, kind, folder_path, name FROM scan_candidate WHERE \(isStale) LIMIT \(limit))
            """)
    }

    /// Of this scan, or of one that never came to its end.
    private var isStale: Query { "(scan_id = \(scanRowID) OR scan_id < \(scanRowID - Self.keptScans))" }
}
