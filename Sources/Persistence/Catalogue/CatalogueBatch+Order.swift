import Contracts
import Domain

/// Where transactions run side by side, rows that many tracks share are made and locked in one order by all of them;
/// otherwise two workers on one album would wait for each other.
extension CatalogueBatch {
    mutating func resolveShared(_ completions: [Completion]) throws {
        guard connection.dialect == .postgres else { return }
        var folders: Set<FilePath> = []
        var artists: [String: ArtistCredit] = [:]
        var albums: [String: AlbumMembership] = [:]
        var genres: [String: String] = [:]
        for completion in completions {
            guard case .indexComplete(let outcome) = completion.outcome else { continue }
            let folder = outcome.filePath.parent
            folders.insert(folder)
            for piece in try AppliedSheet.pieces(of: outcome, in: completion) {
                let derivation = derivation(of: piece.outcome.metadata, in: folder)
                for credit in derivation.artists + derivation.albumArtists { artists[credit.key] = credit }
                if let album = derivation.album { albums[album.key] = album }
                for name in derivation.genres { genres[Self.genreKey(name)] = name }
            }
        }
        for folder in folders.sorted(by: { $0.bytes.lexicographicallyPrecedes($1.bytes) }) { _ = try folderID(folder) }
        try lockTracks(of: completions)
        // Counted as said no times: a row that was made for a file whose older tags then do not count goes again.
        for (_, credit) in artists.sorted(by: { $0.key < $1.key }) {
            tally.add(0, TallyBatch.Owner(kind: .artist, id: try artistID(credit)), .name, credit.name)
        }
        for (_, album) in albums.sorted(by: { $0.key < $1.key }) {
            tally.add(0, TallyBatch.Owner(kind: .album, id: try albumID(album)), .name, album.title)
        }
        for (_, name) in genres.sorted(by: { $0.key < $1.key }) {
            tally.add(0, TallyBatch.Owner(kind: .genre, id: try genreID(name)), .name, name)
        }
    }

    /// The tracks that are known and will be changed, whichever way they are found, in the order of their ids.
    private mutating func lockTracks(of completions: [Completion]) throws {
        var (ids, keys): ([Int64], Set<String>) = ([], [])
        var files: [(folderID: Int64, name: [UInt8])] = []
        for completion in completions {
            switch completion.outcome {
            case .indexComplete(let outcome):
                files.append((try folderID(outcome.filePath.parent), outcome.filePath.lastComponent))
            case .analysisComplete(let outcome):
                ids.append(outcome.trackID)
                keys.insert(outcome.contentKey)
            case .vectorComplete(let outcome): keys.insert(outcome.contentKey)
            case .scanComplete, .textVectorComplete, .mapProjected, .listensSubmitted, .artworkFound, .artworkAbsent,
                .downloadComplete, .enriched, .webhookDelivered, .noopComplete:
                break
            }
        }
        // One file is mostly one row, which needs no order; content may be that of many tracks.
        guard !keys.isEmpty || files.count > 1 || Self.cutsAny(completions) else { return }
        let names = "{" + files.map { "\"\\\\x\(Hex.encode($0.name))\"" }.joined(separator: ",") + "}"
        let contents = "{" + keys.map(Self.quoted).joined(separator: ",") + "}"
        try connection.forEach(
            """
            SELECT id FROM track WHERE id IN (
                SELECT unnest(\(.integers(ids)))
                UNION SELECT track.id FROM track
                JOIN unnest(\(.integers(files.map(\.folderID))), CAST(\(names) AS bytea[])) AS file (folder_id, name)
                    ON file.folder_id = track.folder_id AND file.name = track.name
                UNION SELECT track.id FROM track
                JOIN unnest(\(.integers(files.map(\.folderID))), CAST(\(names) AS bytea[])) AS file (folder_id, name)
                    ON file.folder_id = track.folder_id
                        AND track.name > file.name || CAST('\\x2f' AS bytea)
                        AND track.name < file.name || CAST('\\x30' AS bytea)
                UNION SELECT track.id FROM track WHERE content_key = ANY (CAST(\(contents) AS text[]))
            ) ORDER BY id FOR NO KEY UPDATE
            """
        ) { _ in }
    }

    private static func cutsAny(_ completions: [Completion]) -> Bool {
        completions.contains { completion in
            if case .indexFile(let payload) = completion.payload { payload.cut != nil } else { false }
        }
    }

    /// As an element of an array's text.
    private static func quoted(_ text: String) -> String {
        "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
    }

    static func genreKey(_ name: String) -> String { DerivedKey.bounded(NameKey.identity(name)) }
}
