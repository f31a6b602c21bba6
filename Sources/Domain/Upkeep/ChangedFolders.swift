/// Which folders of one library root are to be scanned because something changed in them, and when. Pure: the time is
/// an argument, in microseconds since the epoch.
///
/// A folder is due when nothing has happened in it for a moment and nobody writes to a file in it, and at the latest
/// some time after its first change. A file that was made is taken for written when it is closed; when it has another
/// name, since a link is made of a file that was there; or when nothing about it has changed for a while, since a file
/// that was made without a name is linked after its last write, and no close is told. Folders with nothing but files
/// that are being written wait for those, however long that takes.
package struct ChangedFolders: Sendable {
    /// So long nothing happens in a folder before it is scanned: programs that tag write, rename and touch.
    package static let quiet: Int64 = 250_000
    package static let patience: Int64 = 30_000_000
    package static let firstLook: Int64 = 200_000
    package static let lookAgain: Int64 = 2_000_000
    /// A copy over a slow network pauses for less.
    package static let writtenAfter: Int64 = 2_000_000
    /// More become their common folder.
    package static let foldersMax = 64
    /// More are not waited for.
    package static let filesMax = 256
    /// A scan costs about as much as to list so many folders.
    package static let foldersPerScan = 16

    private struct Entry {
        /// Everything below it, too.
        var isDeep: Bool
        var firstAt: Int64
        var lastAt: Int64
        /// As they came: where a file was moved, the folder that it left comes first.
        var order: Int
    }

    private let root: FilePath
    private var entries: [FilePath: Entry] = [:]
    /// Files that are being written, with the time of the next look at them.
    private var writing: [FilePath: Int64] = [:]
    private var orders = 0

    package init(root: FilePath) {
        self.root = root
    }

    package var isEmpty: Bool { entries.isEmpty && writing.isEmpty }
    package var count: Int { entries.count }
}

extension ChangedFolders {
    package mutating func note(_ change: FolderChange, at now: Int64) {
        switch change {
        case .folder(let path): touch(path, isDeep: false, at: now)
        case .file(let path, let event): note(event, of: path, at: now)
        case .folderCame(let path): touch(path, isDeep: true, at: now)
        case .folderWent(let path):
            writing = writing.filter { !path.contains($0.key) }
            entries = entries.filter { !path.contains($0.key) }
            if path != root { touch(path.parent, isDeep: false, at: now) }
        }
    }

    private mutating func note(_ event: FolderChange.FileEvent, of path: FilePath, at now: Int64) {
        switch event {
        case .made where writing.count < Self.filesMax: writing[path] = now + Self.firstLook
        // The close is still to come.
        case .attributes where writing[path] != nil: break
        case .made, .written, .came, .went, .attributes:
            writing[path] = nil
            touch(path.parent, isDeep: false, at: now)
        }
    }

    private mutating func touch(_ path: FilePath, isDeep: Bool, at now: Int64) {
        var (path, isDeep) = (path, isDeep)
        if let holder = deepHolder(of: path) { (path, isDeep) = (holder, true) }
        merge(into: path, isDeep: isDeep, firstAt: now, lastAt: now)
        if entries.count > Self.foldersMax, let common = Self.common(entries.keys, root) {
            merge(into: common, isDeep: true, firstAt: now, lastAt: now)
        }
    }

    /// A deep entry takes in everything below it.
    private mutating func merge(into path: FilePath, isDeep: Bool, firstAt: Int64, lastAt: Int64) {
        orders += 1
        var entry = Entry(isDeep: isDeep, firstAt: firstAt, lastAt: lastAt, order: orders)
        let taken = isDeep ? entries.keys.filter { path.contains($0) } : [path]
        for other in taken.compactMap({ entries.removeValue(forKey: $0) }) {
            entry.isDeep = entry.isDeep || other.isDeep
            entry.firstAt = min(entry.firstAt, other.firstAt)
            entry.lastAt = max(entry.lastAt, other.lastAt)
            entry.order = min(entry.order, other.order)
        }
        entries[path] = entry
    }

    private func deepHolder(of path: FilePath) -> FilePath? {
        guard !entries.isEmpty else { return nil }
        var path = path
        while true {
            if entries[path]?.isDeep == true { return path }
            let parent = path.parent
            if path == root || parent == path { return nil }
            path = parent
        }
    }

    private static func common(_ paths: some Collection<FilePath>, _ root: FilePath) -> FilePath? {
        guard var common = paths.first else { return nil }
        while !paths.allSatisfy(common.contains) {
            guard common != root, common.parent != common else { return root }
            common = common.parent
        }
        return common
    }
}

extension ChangedFolders {
    /// Files whose look may tell that nobody writes to them any more.
    package func filesToLookAt(_ now: Int64) -> [FilePath] {
        // A clock that was set back must not keep them waiting.
        writing.filter { $0.value <= now || $0.value > now + Self.lookAgain }.map(\.key)
    }

    /// - Parameter look: nil when nothing is there any more.
    package mutating func looked(at path: FilePath, _ look: FileLook?, at now: Int64) {
        guard writing[path] != nil else { return }
        guard let look, look.isRegular else {
            writing[path] = nil
            return
        }
        let age = now - look.changedAt
        guard look.hasOtherNames || age >= Self.writtenAfter || age < -Self.writtenAfter else {
            writing[path] = now + Self.lookAgain
            return
        }
        note(.written, of: path, at: now)
    }
}

/// A scan that changes ask for.
package struct DueScan: Hashable, Sendable {
    package let path: FilePath
    package let isShallow: Bool
    /// A scan that began after this has seen what happened.
    package let since: Int64
    package let firstAt: Int64

    package init(path: FilePath, isShallow: Bool, since: Int64, firstAt: Int64) {
        self.path = path
        self.isShallow = isShallow
        self.since = since
        self.firstAt = firstAt
    }
}

extension ChangedFolders {
    /// When something is to be done, as far as is known now: a look at a file, or a scan.
    package var nextAt: Int64? {
        let scans = entries.map { path, entry in
            let latest = entry.firstAt + Self.patience
            return isWriting(in: path, entry) ? latest : min(entry.lastAt + Self.quiet, latest)
        }
        return (scans + writing.values).min()
    }

    package func hasDue(_ now: Int64) -> Bool { entries.contains { isDue($0.key, $0.value, now) } }

    /// The folder that holds everything that is due; nil unless that are several folders.
    package func commonFolder(ofDueAt now: Int64) -> FilePath? {
        let due = entries.filter { isDue($0.key, $0.value, now) }
        return due.count > 1 ? Self.common(due.keys, root) : nil
    }

    /// What to scan next, and takes it off the list.
    ///
    /// - Parameter foldersInCommon: how many folders there are in the common folder of what is due. Where they are few,
    ///   one scan of all is cheaper than one for each, and sees where from and where to files were moved.
    package mutating func takeDue(_ now: Int64, foldersInCommon: Int) -> DueScan? {
        let due = entries.filter { isDue($0.key, $0.value, now) }
        guard let last = due.values.map(\.lastAt).max(), let first = due.values.map(\.firstAt).min() else { return nil }
        if due.count > 1, foldersInCommon <= Self.foldersPerScan * due.count, let common = Self.common(due.keys, root) {
            for path in due.keys { entries[path] = nil }
            return DueScan(path: common, isShallow: false, since: last, firstAt: first)
        }
        // Folders that files left come first, so that those are known to be gone where they are met again.
        let next = due.min { left, right in
            (left.value.isDeep ? 1 : 0, left.value.order) < (right.value.isDeep ? 1 : 0, right.value.order)
        }
        guard let (path, entry) = next else { return nil }
        entries[path] = nil
        return DueScan(path: path, isShallow: !entry.isDeep, since: entry.lastAt, firstAt: entry.firstAt)
    }

    /// The scan could not be started.
    package mutating func putBack(_ due: DueScan) {
        let holder = deepHolder(of: due.path)
        merge(
            into: holder ?? due.path, isDeep: holder != nil || !due.isShallow, firstAt: due.firstAt, lastAt: due.since)
    }

    private func isDue(_ path: FilePath, _ entry: Entry, _ now: Int64) -> Bool {
        // A clock that was set back must not keep them waiting.
        if now < entry.firstAt || now - entry.firstAt >= Self.patience { return true }
        return now - entry.lastAt >= Self.quiet && !isWriting(in: path, entry)
    }

    private func isWriting(in path: FilePath, _ entry: Entry) -> Bool {
        writing.keys.contains { entry.isDeep ? path.contains($0) : $0.parent == path }
    }
}
