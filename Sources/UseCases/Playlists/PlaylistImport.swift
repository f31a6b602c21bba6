import Domain
import Logging
import Telemetry

/// Makes playlists of the playlist files that scans meet, once the music of the scan is known, and of texts that
/// clients send.
///
/// No task of the queue: what is due is a row that stays until it is settled, reading it is a matter of milliseconds,
/// and only the server needs to reach the file.
package struct PlaylistImport: Sendable {
    private let store: any PlaylistFileStore
    private let playlists: any PlaylistStore
    private let scans: any ScanStore
    private let files: any LibraryReader
    private let logger: Logger

    private static let filesPerStep = 16
    /// Entries that are named when they are not in the library.
    package static let maxNamed = 100

    package init(
        store: any PlaylistFileStore, playlists: any PlaylistStore, scans: any ScanStore, files: any LibraryReader,
        logger: Logger
    ) {
        self.store = store
        self.playlists = playlists
        self.scans = scans
        self.files = files
        self.logger = logger
    }

    /// Reads some of the files that are due; false when there was none.
    package func step() async throws -> Bool {
        let due = try await store.duePlaylistFiles(limit: Self.filesPerStep)
        guard !due.isEmpty else { return false }
        let roots = try await scans.libraryRoots()
        for path in due {
            let reading = try await read(path, roots)
            if case .unreadable(let why) = reading {
                logger.info(
                    "A playlist file was not imported",
                    metadata: [LogKeys.path: "\(path.display)", LogKeys.reason: "\(why)"])
            }
            try await store.settle(path, reading)
        }
        return true
    }

    private func read(_ path: FilePath, _ roots: [FilePath]) async throws -> PlaylistReading {
        guard let root = roots.first(where: { $0.contains(path) }) else {
            return .unreadable("it lies in no library root")
        }
        guard let format = PlaylistText.Format(fileExtension: path.fileExtension) else {
            return .unreadable("it is no playlist")
        }
        do {
            let file = try await files.open(MediaFile(path: path, root: root))
            guard let bytes = try await file.whole(bytesMax: PlaylistText.maxBytes) else {
                return .unreadable("it has more than \(PlaylistText.maxBytes >> 20) MB")
            }
            try await file.expectUnchanged()
            let text = try PlaylistText.read(PlainText.decode(bytes), as: format)
            return .read(
                facts: file.facts, name: text.name ?? Self.name(of: path),
                places: text.places.map { PlaylistPlace.candidates($0, in: path.parent, roots: roots) },
                leftOut: text.leftOut,
                problem: text.isCut
                    ? "it lists more than \(Playlist.maxEntries) tracks: the first of them were taken" : nil)
        } catch let failure as Failure {
            return .unreadable(failure.message)
        } catch let problem as PlaylistText.Problem {
            return .unreadable(problem.description)
        }
    }

    /// The file's name without its ending.
    private static func name(of path: FilePath) -> String {
        let name = path.lastComponent
        let base = name.lastIndex(of: UInt8(ascii: ".")).map { name[..<$0] } ?? name[...]
        let text = String(decoding: base, as: UTF8.self)
        let cut = String(String.UnicodeScalarView(text.unicodeScalars.prefix(Playlist.maxNameLength)))
        return Playlist.isName(cut) ? cut : "Playlist"
    }

    /// A new playlist of the account, of a text that it sent.
    /// - Parameter folder: where relative paths begin; nil when that is not known.
    package func make(
        _ text: PlaylistText, named name: String, isPublic: Bool, folder: FilePath?, owner: Int64
    ) async throws -> ImportedPlaylist {
        let roots = try await scans.libraryRoots()
        let found = try await store.tracks(
            at: text.places.map { PlaylistPlace.candidates($0, in: folder, roots: roots) })
        let playlist = try await playlists.createPlaylist(
            NewPlaylist(name: name, isPublic: isPublic, trackIDs: found.compactMap(\.self)), owner: owner)
        let missing = zip(text.places, found).filter { $0.1 == nil }.map(\.0)
        return ImportedPlaylist(
            playlist: playlist, entryCount: text.places.count + text.leftOut,
            missingCount: missing.count + text.leftOut,
            missing: Array(missing.prefix(Self.maxNamed)))
    }
}

/// A playlist that was made of a text.
package struct ImportedPlaylist: Sendable {
    package let playlist: Playlist
    package let entryCount: Int
    package let missingCount: Int
    /// The first entries that are not in the library, as the text has them; those without a place are not among them.
    package let missing: [String]
}

extension PlaylistText.Problem: CustomStringConvertible {
    package var description: String {
        switch self {
        case .isStream: "it lists the segments of a stream, not tracks"
        case .isNoPlaylist(let why): why
        }
    }
}
