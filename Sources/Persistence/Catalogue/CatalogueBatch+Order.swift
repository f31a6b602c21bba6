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
            let derivation = derivation(of: outcome.metadata, in: folder)
            for credit in derivation.artists + derivation.albumArtists { artists[credit.key] = credit }
            if let album = derivation.album { albums[album.key] = album }
            for name in derivation.genres { genres[Self.genreKey(name)] = name }
        }
        for folder in folders.sorted(by: { $0.bytes.lexicographicallyPrecedes($1.bytes) }) { _ = try folderID(folder) }
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

    static func genreKey(_ name: String) -> String { DerivedKey.bounded(NameKey.identity(name)) }
}
