import Domain

/// Sees changes below folders of this machine as they happen.
package protocol FolderWatcher: Sendable {
    /// - Parameter onNews: is called, from anywhere, when there is something to read.
    func open(_ root: FilePath, onNews: @escaping @Sendable () -> Void) async -> WatchOpening
}

package enum WatchOpening: Sendable {
    case watching(any FolderWatch)
    case none(WatchCoverage.Gap)
}

/// The watches below one library root. Of one task; whoever opened it closes it.
package protocol FolderWatch: Sendable {
    /// Watches every folder, which takes a while. Answers what was changed since a moment, as far as times tell.
    ///
    /// - Parameter since: microseconds since the epoch.
    func lay(changedSince since: Int64) async -> [FolderChange]
    /// What was seen since the last time; never waits.
    func news() async -> WatchNews
    /// Whether the root is still the folder that is watched. Asked now and then: a disk may be mounted over it.
    func isInPlace() async -> Bool
    /// Folders that are watched in this one, itself among them, counted up to a limit.
    func folders(in path: FilePath, upTo limit: Int) async -> Int
    /// Nil where nothing is any more.
    func look(at file: FilePath) async -> FileLook?
    func close() async
}

package struct WatchNews: Hashable, Sendable {
    package var changes: [FolderChange]
    package var coverage: WatchCoverage
    /// Why the root has to be watched and scanned anew, if it must be.
    package var loss: Loss?
    /// What the kernel told, whether it matters or not.
    package var events: Int

    package enum Loss: String, Sendable {
        /// The root is gone, or another folder is in its place.
        case moved
        /// More happened than was kept.
        case overflow
    }

    package init(changes: [FolderChange], coverage: WatchCoverage, loss: Loss? = nil, events: Int = 0) {
        self.changes = changes
        self.coverage = coverage
        self.loss = loss
        self.events = events
    }
}
