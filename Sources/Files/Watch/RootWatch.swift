import CFiles
import Domain
import Glibc
import UseCases

/// The watches below one root, by inotify. Runs on a thread of its own kind: disks may be slow.
///
/// A folder is watched before it is listed, by the same descriptor: what comes into it is either listed or told. No
/// descriptor but the kernel's queue is held, so that disks can be unmounted.
actor RootWatch: FolderWatch {
    private let root: FilePath
    /// Of the root: which folder of which file system it is.
    private let place: FileFacts
    private let inbox: WatchInbox
    private let budget: WatchBudget
    private let opener = BeneathOpener()
    private let executor = QueueExecutor(label: "sillon.watch")
    private let listing = ListingBuffer()

    /// When the watches were laid.
    private var mounts: MountTable
    private var tree: WatchTree
    private var denied: Set<FilePath> = []
    /// Where file systems are mounted that do not tell.
    private var unseen: Set<FilePath> = []
    private var isLimited = false
    private var isLaid = false
    private var loss: WatchNews.Loss?

    /// The kernel's clock for files lags a little, ours is asked a little later.
    private static let clockSlackNs: Int64 = 50_000_000

    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    init(root: FilePath, place: FileFacts, watch: Int32, inbox: WatchInbox, budget: WatchBudget) {
        self.root = root
        self.place = place
        self.inbox = inbox
        self.budget = budget
        mounts = MountTable(below: root)
        tree = WatchTree(root: root, watch: watch)
    }

    func lay(changedSince since: Int64) -> [FolderChange] {
        var found: [FolderChange] = []
        // Before the first folder is looked at: what is mounted meanwhile is noticed at the next look.
        mounts = MountTable(below: root)
        do {
            let folder = try opener.openFolder(root, beneath: root)
            let names = enter(WatchTree.root, folder, root, since: since, &found)
            layBelow(names.map { (WatchTree.root, $0) }, since: since, &found)
        } catch {
            loss = .moved
        }
        isLaid = true
        return found
    }

    func news() -> WatchNews {
        let (bytes, isOverfull) = inbox.take()
        if isOverfull { loss = .overflow }
        var changes: [FolderChange] = []
        var (at, events) = (0, 0)
        bytes.withUnsafeBufferPointer { bytes in
            while at < bytes.count, loss == nil {
                var event = sillon_watch_event()
                at = sillon_watch_event_at(bytes.baseAddress, bytes.count, at, &event)
                events += 1
                let name = bytes[event.name_offset..<event.name_offset + event.name_size]
                handle(event.watch, Happened(rawValue: event.what), Array(name), &changes)
            }
        }
        return WatchNews(changes: changes, coverage: coverage, loss: loss, events: events)
    }

    func isInPlace() -> Bool {
        guard let folder = try? opener.openFolder(root, beneath: root),  // whatever is wrong, it is not in place
            let facts = try? folder.facts().facts  // as above
        else { return false }
        return facts.inode == place.inode && facts.device == place.device && MountTable(below: root) == mounts
    }

    func folders(in path: FilePath, upTo limit: Int) -> Int {
        tree.find(path).map { tree.count(in: $0, upTo: limit) } ?? 0
    }

    func look(at file: FilePath) -> FileLook? {
        var look = sillon_file_look()
        guard sillon_look_at_file(file.bytes.map { CChar(bitPattern: $0) } + [0], &look) == 0 else { return nil }
        return FileLook(
            changedAt: look.changed_ns / 1000, hasOtherNames: look.links > 1, isRegular: look.is_regular != 0)
    }

    func close() {
        inbox.close()
        budget.give(tree.count)
    }

    private var coverage: WatchCoverage {
        guard isLaid else { return .starting }
        if isLimited { return .part(folders: tree.count, .limit) }
        if !denied.isEmpty { return .part(folders: tree.count, .denied) }
        return unseen.isEmpty ? .whole(folders: tree.count) : .part(folders: tree.count, .network)
    }
}

// How watches are laid and taken away.
extension RootWatch {
    private func layBelow(
        _ start: [(parent: WatchTree.Number, name: [UInt8])], since: Int64? = nil, _ found: inout [FolderChange]
    ) {
        var open = start
        while let (parent, name) = open.popLast(), !isLimited, !Task.isCancelled {
            guard let (folder, names) = watch(name, in: parent, since: since, &found) else { continue }
            open += names.map { (folder, $0) }
        }
    }

    private func watch(
        _ name: [UInt8], in parent: WatchTree.Number, since: Int64?, _ found: inout [FolderChange]
    ) -> (WatchTree.Number, [[UInt8]])? {
        guard tree.depth(of: parent) < DirectoryWalker.depthMax else { return nil }
        let path = tree.path(of: parent).appending(name)
        do {
            let folder = try opener.openFolder(path, beneath: root)
            if try folder.facts().facts.device != place.device, StoragePlace(folder)?.kind.isSeen == false {
                unseen.insert(path)
                return nil
            }
            guard let watch = add(folder, path) else { return nil }
            if tree.isLoop(watch, in: parent) {
                budget.give(1)
                return nil
            }
            denied.remove(path)
            let number = tree.add(name, in: parent, watch: watch)
            return (number, enter(number, folder, path, since: since, &found))
        } catch let failure as Failure {
            // What went away meanwhile, or is a link, is no gap.
            if failure.reason != .fileGone, failure.reason != .outsideRoot { denied.insert(path) }
        } catch {
            denied.insert(path)
        }
        return nil
    }

    private func add(_ folder: borrowing Descriptor, _ path: FilePath) -> Int32? {
        guard budget.take() else {
            isLimited = true
            return nil
        }
        let watch = sillon_watch_add(inbox.watcher, folder.number)
        if watch >= 0 { return watch }
        budget.give(1)
        switch -watch {
        case ENOSPC, ENOMEM: isLimited = true
        default: denied.insert(path)
        }
        return nil
    }

    /// Lists a folder that is watched already; answers the folders in it.
    private func enter(
        _ number: WatchTree.Number, _ folder: borrowing Descriptor, _ path: FilePath, since: Int64?,
        _ found: inout [FolderChange]
    ) -> [[UInt8]] {
        let since = since.map { $0 * 1000 - Self.clockSlackNs }
        // The times of files are of interest only at the beginning.
        guard listing.list(folder, withFiles: since != nil) else {
            denied.insert(path)
            return []
        }
        tree.setIgnored(number, listing.isIgnored)
        guard !listing.isIgnored, !listing.isCut else { return [] }
        guard let since else { return listing.folders }
        let changedNs = try? folder.facts().facts.mtimeNs  // without a time, its files tell
        if max(listing.newestFileNs, changedNs ?? .min) >= since { found.append(.folder(path)) }
        return listing.folders
    }

    /// The folder and everything below it.
    private func leave(_ folder: WatchTree.Number) {
        let path = tree.path(of: folder)
        end { $0.remove(folder) }
        forgetGaps(in: path)
    }

    private func leaveChildren(of folder: WatchTree.Number) {
        let path = tree.path(of: folder)
        end { $0.removeChildren(of: folder) }
        forgetGaps(in: path)
    }

    private func end(_ remove: (inout WatchTree) -> [Int32]) {
        let before = tree.count
        for watch in remove(&tree) { sillon_watch_remove(inbox.watcher, watch) }
        budget.give(before - tree.count)
    }

    private func forgetGaps(in path: FilePath) {
        if !denied.isEmpty { denied = denied.filter { !path.contains($0) } }
        if !unseen.isEmpty { unseen = unseen.filter { !path.contains($0) } }
    }
}

// What events mean.
extension RootWatch {
    private struct Happened: OptionSet {
        let rawValue: UInt32

        static let made = Happened(SILLON_WATCH_MADE)
        static let written = Happened(SILLON_WATCH_WRITTEN)
        static let came = Happened(SILLON_WATCH_CAME)
        static let went = Happened(SILLON_WATCH_WENT)
        static let attributes = Happened(SILLON_WATCH_ATTRIBUTES)
        static let isFolder = Happened(SILLON_WATCH_IS_FOLDER)
        static let selfWent = Happened(SILLON_WATCH_SELF_WENT)
        static let ended = Happened(SILLON_WATCH_ENDED)
        static let lost = Happened(SILLON_WATCH_LOST)

        init(rawValue: UInt32) { self.rawValue = rawValue }
        private init(_ bit: some BinaryInteger) { rawValue = UInt32(bit) }
    }

    private static let marks = [".nomedia", ".sillonignore"].map { Array($0.utf8) }

    private func handle(
        _ watch: Int32, _ what: Happened, _ name: [UInt8], _ changes: inout [FolderChange]
    ) {
        if what.contains(.lost) { loss = .overflow }
        for folder in tree.folders(of: watch) {
            if what.contains(.selfWent) || what.contains(.ended) {
                if folder == WatchTree.root {
                    loss = .moved
                } else if what.contains(.ended) {
                    // The folder around it tells the rest; that of a disk that was unmounted has nothing to tell.
                    leave(folder)
                }
            } else if Self.marks.contains(name) {
                marked(folder, what, &changes)
            } else if name.isEmpty || tree.isIgnored(folder) {
                continue
            } else if what.contains(.isFolder) {
                folderChanged(name, in: folder, what, &changes)
            } else {
                fileChanged(name, in: folder, what, &changes)
            }
        }
    }

    /// The folder asks to be ignored, or no longer.
    private func marked(_ folder: WatchTree.Number, _ what: Happened, _ changes: inout [FolderChange]) {
        guard !what.isDisjoint(with: [.made, .came, .went]) else { return }
        leaveChildren(of: folder)
        let path = tree.path(of: folder)
        changes.append(.folderCame(path))
        // One that went away meanwhile is told of by the folder around it.
        guard let descriptor = try? opener.openFolder(path, beneath: root) else { return }  // said above
        var none: [FolderChange] = []
        layBelow(enter(folder, descriptor, path, since: nil, &none).map { (folder, $0) }, &none)
    }

    private func folderChanged(
        _ name: [UInt8], in folder: WatchTree.Number, _ what: Happened, _ changes: inout [FolderChange]
    ) {
        guard name.first != UInt8(ascii: ".") else { return }
        let path = tree.path(of: folder).appending(name)
        let known = tree.child(name, of: folder)
        if what.contains(.went) {
            if let known { leave(known) } else { forgetGaps(in: path) }
            changes.append(.folderWent(path))
        } else if what.contains(.came) || (what.contains(.made) || what.contains(.attributes)) && known == nil {
            if let known { leave(known) }
            var none: [FolderChange] = []
            layBelow([(folder, name)], &none)
            // A mode that changed without opening the folder to us says nothing.
            if !what.contains(.attributes) || tree.child(name, of: folder) != nil { changes.append(.folderCame(path)) }
        } else if what.contains(.made) {
            // Met already when the folder around it was listed.
            changes.append(.folderCame(path))
        }
    }

    private func fileChanged(
        _ name: [UInt8], in folder: WatchTree.Number, _ what: Happened, _ changes: inout [FolderChange]
    ) {
        guard AudioFileExtension.isRead(name) else { return }
        let event: FolderChange.FileEvent =
            what.contains(.went)
            ? .went
            : what.contains(.came)
                ? .came : what.contains(.written) ? .written : what.contains(.made) ? .made : .attributes
        changes.append(.file(tree.path(of: folder).appending(name), event))
    }
}
