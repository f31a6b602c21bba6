import Domain

/// The words of a track: from a file beside it (`Song.lrc`, `Song.txt`) and from its tags.
package struct FindLyrics: Sendable {
    private let catalogue: any Catalogue
    private let scans: any ScanStore
    private let files: any LibraryReader

    /// Endings of files that have the name of the music file otherwise; the first is the best.
    private static let endings = ["lrc", "LRC", "txt"]
    /// Names of tags, as `TrackMetadata.extra` has them; the first is the best.
    private static let tags = ["syncedlyrics", "lyrics"]

    package init(catalogue: any Catalogue, scans: any ScanStore, files: any LibraryReader) {
        self.catalogue = catalogue
        self.scans = scans
        self.files = files
    }

    /// The best first: synced ones, then those of a file. Empty when nobody wrote any down. Throws `StoreError`, and
    /// `Failure` when a disk cannot be read.
    package func lyrics(ofTrack id: Int64) async throws -> [Lyrics] {
        let track = try await catalogue.track(id: id)
        // What lies beside a file that is cut has the words of all its parts, at the file's times.
        let files = track.segment == nil ? try await besides(track.path) : []
        let found = files + Self.inTags(track.metadata)
        return Self.ranked(found)
    }

    package static func inTags(_ metadata: TrackMetadata) -> [Lyrics] {
        tags.flatMap { metadata.extra[$0] ?? [] }.compactMap { LyricsText.read($0, origin: .tag) }
    }

    /// The same words twice are once.
    static func ranked(_ found: [Lyrics]) -> [Lyrics] {
        var known: Set<[Lyrics.Line]> = []
        let distinct = found.filter { known.insert($0.lines).inserted }
        return distinct.filter(\.isSynced) + distinct.filter { !$0.isSynced }
    }

    private func besides(_ path: FilePath) async throws -> [Lyrics] {
        guard let root = try await scans.libraryRoots().first(where: { $0.contains(path) }) else { return [] }
        let name = path.lastComponent
        let base = name.lastIndex(of: UInt8(ascii: ".")).map { Array(name[..<$0]) } ?? name
        guard !base.isEmpty else { return [] }
        var found: [Lyrics] = []
        for ending in Self.endings {
            let file = MediaFile(path: path.parent.appending(base + Array(".\(ending)".utf8)), root: root)
            guard let bytes = try await read(file) else { continue }
            if let lyrics = LyricsText.read(PlainText.decode(bytes), origin: .file) { found.append(lyrics) }
        }
        return found
    }

    /// Nil when there is no such file, or it is too large to be lyrics.
    private func read(_ file: MediaFile) async throws -> [UInt8]? {
        do {
            return try await files.whole(file, bytesMax: Lyrics.maxBytes)
        } catch let failure as Failure {
            switch failure.reason {
            // A tag may still have the words.
            case .fileGone, .outsideRoot, .notAFile, .unreadable, .rootUnavailable: return nil
            default: throw failure
            }
        }
    }
}
