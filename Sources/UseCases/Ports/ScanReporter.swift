import Domain

/// Where the walk of a scan tells what it sees. Reports are idempotent: a walk that is killed starts again.
package protocol ScanReporter: Sendable {
    /// Starts (or restarts) the walk of `scan`: counters of the walk go to zero. Answers the folders that the
    /// catalogue knows in the scope of the scan.
    func beginWalk(lease: Lease) async throws -> [KnownFolder]

    /// Compares whole folders with the catalogue and queues what is new or changed.
    /// - Parameter gone: of the paths that earlier directives asked to look at, those where no file is any more.
    func report(_ listings: [FolderListing], gone: [FilePath], lease: Lease) async throws -> WalkDirective
}

extension ScanReporter {
    package func report(_ listings: [FolderListing], lease: Lease) async throws -> WalkDirective {
        try await report(listings, gone: [], lease: lease)
    }
}

package enum WalkDirective: Hashable, Sendable {
    /// A reported file has the inode of a track that is known at one of these paths, which this walk does not meet: it
    /// was moved here if nothing is there any more, and is a hard link else. Only the walker has the disk to look.
    case proceed(lookAt: [FilePath])
    /// The scan was cancelled or the lease was lost.
    case stop
}

package struct KnownFolder: Hashable, Sendable {
    package let id: Int64
    package let path: FilePath

    package init(id: Int64, path: FilePath) {
        self.id = id
        self.path = path
    }
}

/// Everything of interest in one folder: all its audio files and all its playlist files, by name.
package struct FolderListing: Hashable, Sendable {
    package let path: FilePath
    package let files: [ListedFile]
    /// Nil when nobody looked for them: a worker of another version may not.
    package let playlists: [ListedFile]?
    /// Of the files that a sheet beside them cuts, by name; nil when nobody looked for sheets.
    package let cuts: [[UInt8]: SheetCut]?

    package init(
        path: FilePath, files: [ListedFile], playlists: [ListedFile]? = nil, cuts: [[UInt8]: SheetCut]? = nil
    ) {
        self.path = path
        self.files = files
        self.playlists = playlists
        self.cuts = cuts
    }

    /// What a report of it weighs, in files.
    var weight: Int { files.count + (cuts?.values.reduce(0) { $0 + $1.parts.count } ?? 0) }
}

package struct ListedFile: Hashable, Sendable {
    package let name: [UInt8]
    package let facts: FileFacts

    package init(name: [UInt8], facts: FileFacts) {
        self.name = name
        self.facts = facts
    }
}
