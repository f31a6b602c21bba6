import Domain
import Testing

@Suite("Which changed folders are due")
final class ChangedFoldersTests {
    private static let second: Int64 = 1_000_000
    private static let start = 1_000_000 * second
    private static let quiet = ChangedFolders.quiet

    private var changed = ChangedFolders(root: FilePath("/m"))

    private func note(_ event: FolderChange.FileEvent, _ path: String, at time: Int64) {
        changed.note(.file(FilePath(path), event), at: Self.start + time)
    }

    /// The path, with two stars where all below it is meant.
    private func take(at time: Int64, folders: Int = 10_000) -> String? {
        changed.takeDue(Self.start + time, foldersInCommon: folders).map {
            $0.path.display + ($0.isShallow ? "" : "/**")
        }
    }

    @Test("A folder is due when nothing has happened in it for a moment, with the time of the last event")
    func burst() {
        for step in 0..<10 { note(.written, "/m/a/\(step).mp3", at: Int64(step) * 100_000) }
        #expect(take(at: 900_000 + Self.quiet - 1) == nil)
        #expect(changed.nextAt == Self.start + 900_000 + Self.quiet)
        let due = changed.takeDue(Self.start + 900_000 + Self.quiet, foldersInCommon: 0)
        #expect(
            due
                == DueScan(
                    path: FilePath("/m/a"), isShallow: true, since: Self.start + 900_000, firstAt: Self.start))
        #expect(changed.isEmpty && changed.nextAt == nil)
    }

    @Test("A folder in which something happens all the time does not wait for ever")
    func restless() {
        var time: Int64 = 0
        while take(at: time) == nil {
            note(.attributes, "/m/a/1.mp3", at: time)
            time += 100_000
        }
        #expect(time - 100_000 <= ChangedFolders.patience)
        #expect(time >= ChangedFolders.patience)
    }

    @Test("A file that is being written is waited for, however long; its close ends that")
    func longCopy() {
        note(.made, "/m/a/1.flac", at: 0)
        for time in stride(from: Self.second, to: 100 * Self.second, by: Int(Self.second)) {
            let now = Self.start + time
            for file in changed.filesToLookAt(now) {
                changed.looked(
                    at: file, FileLook(changedAt: now - 100_000, hasOtherNames: false, isRegular: true), at: now)
            }
            note(.attributes, "/m/a/1.flac", at: time)
            #expect(take(at: time) == nil)
        }
        note(.written, "/m/a/1.flac", at: 100 * Self.second)
        #expect(take(at: 100 * Self.second + Self.quiet) == "/m/a")
    }

    @Test("What is finished waits for a file beside it that is being written, but not too long")
    func album() {
        note(.written, "/m/a/1.flac", at: 0)
        note(.made, "/m/a/2.flac", at: 1000)
        #expect(take(at: Self.second) == nil)
        #expect(changed.nextAt == Self.start + 1000 + ChangedFolders.firstLook)
        #expect(take(at: ChangedFolders.patience - 1) == nil)
        #expect(take(at: ChangedFolders.patience) != nil)
        // The other one is still to come.
        #expect(!changed.isEmpty && take(at: 2 * ChangedFolders.patience) == nil)
    }

    @Test("A link, and a file that nobody writes to, are taken for written; a symbolic link for nothing")
    func withoutClose() {
        for name in ["hard", "still", "soft", "gone", "busy"] { note(.made, "/m/\(name)/1.mp3", at: 0) }
        let now = Self.start + ChangedFolders.firstLook
        #expect(changed.filesToLookAt(now - 1).isEmpty)
        #expect(Set(changed.filesToLookAt(now).map(\.display)).count == 5)
        func look(_ name: String, ago: Int64 = 0, names: Bool = false, isRegular: Bool = true) {
            changed.looked(
                at: FilePath("/m/\(name)/1.mp3"),
                FileLook(changedAt: now - ago, hasOtherNames: names, isRegular: isRegular), at: now)
        }
        look("hard", names: true)
        look("still", ago: ChangedFolders.writtenAfter)
        look("soft", isRegular: false)
        look("busy", ago: ChangedFolders.writtenAfter - 1)
        changed.looked(at: FilePath("/m/gone/1.mp3"), nil, at: now)
        let later = ChangedFolders.firstLook + Self.quiet
        #expect(Set([take(at: later), take(at: later)]) == ["/m/hard", "/m/still"])
        #expect(take(at: later) == nil)
        #expect(changed.filesToLookAt(now + ChangedFolders.lookAgain).map(\.display) == ["/m/busy/1.mp3"])
    }

    @Test("A folder that came takes in what happens below it, and waits for what is written there")
    func newFolder() {
        note(.written, "/m/new/cd1/0.mp3", at: 0)
        changed.note(.folderCame(FilePath("/m/new")), at: Self.start + 10)
        note(.made, "/m/new/cd1/1.mp3", at: 20)
        note(.written, "/m/new/cd2/1.mp3", at: 30)
        #expect(changed.count == 1)
        #expect(take(at: Self.second) == nil)
        note(.written, "/m/new/cd1/1.mp3", at: Self.second)
        #expect(take(at: Self.second + Self.quiet) == "/m/new/**")
        #expect(changed.isEmpty)
    }

    @Test("Of a folder that went, the folder around it tells; nothing in it is waited for")
    func folderGone() {
        note(.made, "/m/old/a/1.mp3", at: 0)
        note(.written, "/m/old/a/2.mp3", at: 0)
        changed.note(.folderWent(FilePath("/m/old")), at: Self.start + 10)
        #expect(take(at: 10 + Self.quiet) == "/m")
        #expect(changed.isEmpty)
        changed.note(.folderWent(FilePath("/m")), at: Self.start + 20)
        #expect(changed.isEmpty)
    }

    @Test("A renamed folder is one scan where the folders around are few, else first the loss, then the gain")
    func renamed() {
        for _ in 0..<2 {
            changed.note(.folderWent(FilePath("/m/x/old")), at: Self.start)
            changed.note(.folderCame(FilePath("/m/x/new")), at: Self.start)
            #expect(changed.commonFolder(ofDueAt: Self.start + Self.quiet)?.display == "/m/x")
            let before = changed
            #expect(take(at: Self.quiet, folders: 2 * ChangedFolders.foldersPerScan) == "/m/x/**")
            #expect(changed.isEmpty)
            changed = before
            #expect(take(at: Self.quiet) == "/m/x")
            #expect(changed.commonFolder(ofDueAt: Self.start + Self.quiet) == nil)
            #expect(take(at: Self.quiet) == "/m/x/new/**")
        }
    }

    @Test("A file that was moved is looked for where it was first")
    func movedFile() {
        note(.went, "/m/z/1.mp3", at: 0)
        note(.came, "/m/a/1.mp3", at: 0)
        #expect(take(at: Self.quiet) == "/m/z")
        #expect(take(at: Self.quiet) == "/m/a")
    }

    @Test("However many folders change, few are kept, and none is lost")
    func bounded() {
        for index in 0..<10_000 {
            note(.written, "/m/y/\(index % 5000)/1.mp3", at: 0)
            #expect(changed.count <= ChangedFolders.foldersMax)
        }
        #expect(take(at: Self.quiet) == "/m/y/**")
        #expect(changed.isEmpty)
        for index in 0..<10_000 { note(.made, "/m/\(index)/1.mp3", at: Self.second) }
        #expect(changed.filesToLookAt(Self.start + 2 * Self.second).count == ChangedFolders.filesMax)
        #expect(changed.count <= ChangedFolders.foldersMax)
    }

    @Test("The common folder is never above the root, nor a name that only begins alike")
    func common() {
        note(.went, "/m/alb/1.mp3", at: 0)
        note(.went, "/m/album/1.mp3", at: 0)
        #expect(changed.commonFolder(ofDueAt: Self.start + Self.quiet)?.display == "/m")
        note(.went, "/m/1.mp3", at: 0)
        #expect(changed.commonFolder(ofDueAt: Self.start + Self.quiet)?.display == "/m")
    }

    @Test("A scan that could not be started stays due, with what came meanwhile")
    func putBack() throws {
        note(.written, "/m/a/1.mp3", at: 0)
        let taken = changed.takeDue(Self.start + Self.quiet, foldersInCommon: 0)
        let due = try #require(taken)
        note(.written, "/m/a/2.mp3", at: Self.second)
        changed.putBack(due)
        #expect(changed.count == 1)
        let retaken = changed.takeDue(Self.start + Self.second + Self.quiet, foldersInCommon: 0)
        let again = try #require(retaken)
        #expect(again.since == Self.start + Self.second && again.firstAt == Self.start)
    }

    @Test("A clock that is set back keeps nothing waiting")
    func clockBack() {
        note(.written, "/m/a/1.mp3", at: 0)
        note(.made, "/m/b/1.mp3", at: 0)
        #expect(take(at: -3600 * Self.second) == "/m/a")
        #expect(changed.filesToLookAt(Self.start - 3600 * Self.second).count == 1)
    }
}
