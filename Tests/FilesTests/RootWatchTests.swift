import Domain
import Foundation
import Glibc
import Testing
import UseCases

@testable import Files

/// On real folders. What the kernel tells of one change may come in several steps: tests wait for what they expect.
@Suite("Watching folders")
struct RootWatchTests {
    private final class Watching {
        let folder: ScratchFolder
        let watch: any FolderWatch
        let bell: Doorbell
        var seen: [FolderChange] = []
        var coverage = WatchCoverage.starting
        var loss: WatchNews.Loss?
        private(set) var found: [FolderChange] = []

        init(_ folder: ScratchFolder, budget: WatchBudget = WatchBudget(limit: 10_000)) async throws {
            self.folder = folder
            let bell = Doorbell()
            self.bell = bell
            let opening = await KernelWatcher(budget: budget).open(folder.path, onNews: { bell.ring() })
            guard case .watching(let watch) = opening else { throw Refused(opening: opening) }
            self.watch = watch
        }

        struct Refused: Error { let opening: WatchOpening }

        static func laid(
            _ folder: ScratchFolder, budget: WatchBudget = WatchBudget(limit: 10_000), since: Int64 = .max / 2000
        ) async throws -> Watching {
            let watching = try await Watching(folder, budget: budget)
            watching.found = await watching.watch.lay(changedSince: since)
            await watching.read()
            return watching
        }

        func read() async {
            let news = await watch.news()
            seen += news.changes
            coverage = news.coverage
            loss = news.loss ?? loss
        }

        /// True as soon as all were seen; false after a time that is long enough for a machine under load.
        func see(_ wanted: FolderChange...) async -> Bool {
            await until { watching in wanted.allSatisfy(watching.seen.contains) }
        }

        func until(_ condition: (Watching) -> Bool) async -> Bool {
            let end = ContinuousClock.now + .seconds(20)
            while .now < end {
                await read()
                if condition(self) { return true }
                await bell.wait(upTo: .milliseconds(100))
            }
            return false
        }

        func file(_ name: String, _ event: FolderChange.FileEvent) -> FolderChange { .file(folder(name), event) }
    }

    private static func rename(_ from: FilePath, _ to: FilePath) throws {
        guard Glibc.rename(from.display, to.display) == 0 else { throw POSIXError(.EIO) }
    }

    @Test("Files that are made, written, moved, touched and removed are told; others are not")
    func files() async throws {
        let scratch = try ScratchFolder()
        try scratch.folder("a/b")
        let watching = try await Watching.laid(scratch)
        #expect(watching.coverage == .whole(folders: 3))
        for name in ["a/b/no.txt", "a/b/._1.mp3", "a/b/mp3", "a/b/cover.jpg", "a/b/1.mp3.part"] {
            try scratch.file(name)
        }
        try scratch.folder("a/.hidden")
        try scratch.file("a/.hidden/1.mp3")
        try scratch.file("a/b/1.MP3")
        try scratch.file("a/b/list.m3u8")
        try scratch.file("a/b/sheet.cue")
        #expect(
            await watching.see(
                watching.file("a/b/1.MP3", .made), watching.file("a/b/1.MP3", .written),
                watching.file("a/b/list.m3u8", .written), watching.file("a/b/sheet.cue", .written)))
        try Self.rename(scratch("a/b/1.MP3"), scratch("a/2.mp3"))
        #expect(await watching.see(watching.file("a/b/1.MP3", .went), watching.file("a/2.mp3", .came)))
        chmod(scratch("a/2.mp3").display, 0o600)
        #expect(await watching.see(watching.file("a/2.mp3", .attributes)))
        unlink(scratch("a/2.mp3").display)
        #expect(await watching.see(watching.file("a/2.mp3", .went)))
        let kinds = Set(
            watching.seen.compactMap { change -> String? in
                guard case .file(let path, _) = change else { return "folder" }
                return path.fileExtension
            })
        #expect(kinds == ["mp3", "m3u8", "cue"])
        #expect(watching.loss == nil)
        await watching.watch.close()
    }

    @Test("Folders within folders that come at once are watched from then on, whatever their names")
    func nested() async throws {
        let scratch = try ScratchFolder()
        let watching = try await Watching.laid(scratch)
        let odd = scratch.path.appending([0xFF, 0x0A, 0x20])
        mkdir(odd.bytes.map { CChar(bitPattern: $0) } + [0], 0o755)
        #expect(await watching.see(.folderCame(odd)))
        try scratch.folder("x/y/z")
        try scratch.file("x/y/z/1.mp3")
        #expect(await watching.see(.folderCame(scratch("x"))))
        #expect(await watching.until { $0.coverage == .whole(folders: 5) })
        try scratch.file("x/y/z/2.mp3")
        #expect(await watching.see(watching.file("x/y/z/2.mp3", .written)))
        let inside = odd.appending(Array("1.mp3".utf8))
        let file = open(inside.bytes.map { CChar(bitPattern: $0) } + [0], O_WRONLY | O_CREAT, 0o644)
        close(file)
        #expect(await watching.see(.file(inside, .written)))
        #expect(await watching.watch.folders(in: scratch("x"), upTo: 100) == 3)
        await watching.watch.close()
    }

    @Test("A renamed folder is watched under its new name only; one that is removed is not any more")
    func renamedFolder() async throws {
        let scratch = try ScratchFolder()
        try scratch.folder("a/b/c")
        let watching = try await Watching.laid(scratch)
        try Self.rename(scratch("a/b"), scratch("d"))
        #expect(await watching.see(.folderWent(scratch("a/b")), .folderCame(scratch("d"))))
        try scratch.file("d/c/1.mp3")
        #expect(await watching.see(watching.file("d/c/1.mp3", .written)))
        #expect(watching.coverage == .whole(folders: 4))
        try FileManager.default.removeItem(atPath: scratch("d").display)
        #expect(await watching.see(.folderWent(scratch("d"))))
        #expect(await watching.until { $0.coverage == .whole(folders: 2) })
        #expect(watching.loss == nil)
        await watching.watch.close()
    }

    @Test("A folder that was moved out and one that is moved in")
    func inAndOut() async throws {
        let (scratch, outside) = (try ScratchFolder(), try ScratchFolder())
        try outside.folder("in/cd")
        try scratch.folder("out/cd")
        let watching = try await Watching.laid(scratch)
        try Self.rename(scratch("out"), outside("out"))
        try Self.rename(outside("in"), scratch("in"))
        #expect(await watching.see(.folderWent(scratch("out")), .folderCame(scratch("in"))))
        try outside.file("out/cd/1.mp3")
        try scratch.file("in/cd/1.mp3")
        #expect(await watching.see(watching.file("in/cd/1.mp3", .written)))
        #expect(!watching.seen.contains(watching.file("out/cd/1.mp3", .written)))
        await watching.watch.close()
    }

    @Test(
        "A folder that asks to be ignored is left alone until it asks no more",
        arguments: [".nomedia", ".sillonignore"])
    func marks(_ mark: String) async throws {
        let scratch = try ScratchFolder()
        try scratch.folder("a/b")
        try scratch.file("a/" + mark)
        let watching = try await Watching.laid(scratch)
        #expect(watching.coverage == .whole(folders: 2))
        try scratch.file("a/1.mp3")
        unlink(scratch("a/" + mark).display)
        #expect(await watching.see(.folderCame(scratch("a"))))
        #expect(!watching.seen.contains(watching.file("a/1.mp3", .written)))
        #expect(await watching.until { $0.coverage == .whole(folders: 3) })
        try scratch.file("a/b/2.mp3")
        #expect(await watching.see(watching.file("a/b/2.mp3", .written)))
        watching.seen = []
        try scratch.file("a/" + mark)
        #expect(await watching.see(.folderCame(scratch("a"))))
        #expect(await watching.until { $0.coverage == .whole(folders: 2) })
        await watching.watch.close()
    }

    @Test("Symbolic links are not followed")
    func links() async throws {
        let (scratch, outside) = (try ScratchFolder(), try ScratchFolder())
        try outside.folder("x")
        try scratch.link("before", to: outside("x").display)
        let watching = try await Watching.laid(scratch)
        try scratch.link("after", to: outside("x").display)
        try scratch.folder("real")
        #expect(await watching.see(.folderCame(scratch("real"))))
        #expect(watching.coverage == .whole(folders: 2))
        await watching.watch.close()
    }

    @Test("Beyond the bound, part is watched, and what is closed gives its share back")
    func limit() async throws {
        let scratch = try ScratchFolder()
        for index in 0..<20 { try scratch.folder("a\(index)") }
        let budget = WatchBudget(limit: 5)
        let watching = try await Watching.laid(scratch, budget: budget)
        #expect(watching.coverage == .part(folders: 5, .limit))
        let other = await KernelWatcher(budget: budget).open(scratch.path, onNews: {})
        guard case .none(.limit) = other else {
            Issue.record("there was no room: \(other)")
            return
        }
        await watching.watch.close()
        let again = try await Watching.laid(scratch, budget: budget)
        #expect(again.coverage == .part(folders: 5, .limit))
        await again.watch.close()
    }

    @Test("What was changed before the folders were watched is found by its times")
    func before() async throws {
        let scratch = try ScratchFolder()
        for name in ["old", "new", "retagged"] { try scratch.folder(name) }
        for name in ["old/1.mp3", "retagged/1.mp3"] { try scratch.file(name) }
        for name in ["old/1.mp3", "retagged/1.mp3", "old", "retagged", "new", ""] {
            var times = [timeval(tv_sec: 1_000_000, tv_usec: 0), timeval(tv_sec: 1_000_000, tv_usec: 0)]
            #expect(utimes(scratch.path.display + "/" + name, &times) == 0)
        }
        let since = Int64(Date().timeIntervalSince1970 * 1_000_000)
        try await Task.sleep(for: .milliseconds(200))
        try scratch.file("new/1.mp3")
        let file = open(scratch("retagged/1.mp3").display, O_WRONLY)
        _ = write(file, "yy", 2)
        close(file)
        let watching = try await Watching.laid(scratch, since: since)
        #expect(Set(watching.found) == [.folder(scratch("new")), .folder(scratch("retagged"))])
        await watching.watch.close()
    }

    @Test("A root that is moved away or replaced is lost; one that is not there cannot be watched")
    func rootGone() async throws {
        let scratch = try ScratchFolder()
        try scratch.folder("root")
        let bell = Doorbell()
        let watcher = KernelWatcher(budget: WatchBudget(limit: 100))
        guard case .watching(let watch) = await watcher.open(scratch("root"), onNews: { bell.ring() }) else {
            Issue.record("it is there")
            return
        }
        _ = await watch.lay(changedSince: .max / 2000)
        #expect(await watch.isInPlace())
        try Self.rename(scratch("root"), scratch("away"))
        #expect(await watch.isInPlace() == false)
        var loss: WatchNews.Loss?
        for _ in 0..<200 where loss == nil {
            await bell.wait(upTo: .milliseconds(100))
            loss = await watch.news().loss
        }
        #expect(loss == .moved)
        await watch.close()
        guard case .none(.unreachable) = await watcher.open(scratch("root"), onNews: {}) else {
            Issue.record("it is not there")
            return
        }
        try scratch.folder("root")
        guard case .watching(let other) = await watcher.open(scratch("root"), onNews: {}) else {
            Issue.record("it is there again")
            return
        }
        await other.close()
    }

    @Test("What is written to a file that is being looked at is seen in its times and names")
    func looks() async throws {
        let scratch = try ScratchFolder()
        let watching = try await Watching.laid(scratch)
        try scratch.file("1.mp3")
        let look = try #require(await watching.watch.look(at: scratch("1.mp3")))
        #expect(look.isRegular && !look.hasOtherNames)
        #expect(abs(look.changedAt - Int64(Date().timeIntervalSince1970 * 1_000_000)) < 60_000_000)
        link(scratch("1.mp3").display, scratch("2.mp3").display)
        #expect(await watching.watch.look(at: scratch("2.mp3"))?.hasOtherNames == true)
        try scratch.link("3.mp3", to: "1.mp3")
        #expect(await watching.watch.look(at: scratch("3.mp3"))?.isRegular == false)
        #expect(await watching.watch.look(at: scratch("4.mp3")) == nil)
        await watching.watch.close()
    }
}
