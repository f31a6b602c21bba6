/// What a watcher saw below a library root.
package enum FolderChange: Hashable, Sendable {
    /// Something in the folder is another than before.
    case folder(FilePath)
    /// A file of a kind that the library reads, or whose name says so.
    case file(FilePath, FileEvent)
    /// A folder is there, or is to be read, that was not before: it and everything below it.
    case folderCame(FilePath)
    case folderWent(FilePath)

    package enum FileEvent: Hashable, Sendable {
        /// Its name is new; whoever made it may be writing still.
        case made
        /// Whoever wrote to it has closed it.
        case written
        /// Moved here, whole.
        case came
        /// Removed, or moved away.
        case went
        /// Owner, mode or times.
        case attributes
    }
}

/// What a file that is being written looks like from outside.
package struct FileLook: Hashable, Sendable {
    /// When anything about it changed last: microseconds since the epoch.
    package let changedAt: Int64
    package let hasOtherNames: Bool
    package let isRegular: Bool

    package init(changedAt: Int64, hasOtherNames: Bool, isRegular: Bool) {
        self.changedAt = changedAt
        self.hasOtherNames = hasOtherNames
        self.isRegular = isRegular
    }
}
