import CFiles
import Domain
import Glibc
import UseCases

/// Watches folders of this machine by inotify(7), where the file system tells of every change.
package struct KernelWatcher: FolderWatcher {
    private let budget: WatchBudget
    private let opener = BeneathOpener()

    package init(budget: WatchBudget) {
        self.budget = budget
    }

    package func open(_ root: FilePath, onNews: @escaping @Sendable () -> Void) async -> WatchOpening {
        // A disk that hangs must not hold up a thread of the cooperative pool.
        await withTaskExecutorPreference(BlockingExecutor.shared) { openHere(root, onNews) }
    }

    private func openHere(_ root: FilePath, _ onNews: @escaping @Sendable () -> Void) -> WatchOpening {
        do {
            let folder = try opener.openFolder(root, beneath: root)
            let place = try folder.facts().facts
            guard StoragePlace(folder)?.kind.isSeen != false else { return .none(.network) }
            let watcher = sillon_watch_open()
            // The number of watchers is limited for each user.
            guard watcher >= 0 else { return .none(.limit) }
            guard budget.take() else {
                sillon_fd_close(watcher)
                return .none(.limit)
            }
            let watch = sillon_watch_add(watcher, folder.number)
            guard watch >= 0 else {
                sillon_fd_close(watcher)
                budget.give(1)
                return .none(-watch == ENOSPC || -watch == ENOMEM ? .limit : .denied)
            }
            let inbox = WatchInbox(watcher, onNews: onNews)
            return .watching(RootWatch(root: root, place: place, watch: watch, inbox: inbox, budget: budget))
        } catch {
            return .none(.unreachable)
        }
    }
}
