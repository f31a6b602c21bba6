import Domain
import Foundation
import Testing
import UseCases

@testable import Files

@Suite struct DirectoryWalkerTests {
    /// Folder path relative to the scratch folder, and the names of its files.
    private func walk(
        _ folder: ScratchFolder, scope: FilePath? = nil, isShallow: Bool = false,
        walker: DirectoryWalker = DirectoryWalker()
    ) async throws -> (folders: [String], files: [[UInt8]], problems: [WalkProblem]) {
        var folders: [String] = []
        var files: [[UInt8]] = []
        var problems: [WalkProblem] = []
        try await walker.walk(scope ?? folder.path, within: folder.path, isShallow: isShallow) { listing in
            folders.append(String(decoding: listing.path.bytes.dropFirst(folder.path.bytes.count), as: UTF8.self))
            files += listing.files.map(\.name)
        } problem: {
            problems.append($0)
        }
        return (folders, files, problems)
    }

    @Test("Folders come in order of their names, parents first, empty ones too")
    func order() async throws {
        let scratch = try ScratchFolder()
        for name in ["b/x", "a", "c"] { try scratch.folder(name) }
        try scratch.file("b/2.mp3")
        try scratch.file("b/1.flac")
        let seen = try await walk(scratch)
        #expect(seen.folders == ["", "/a", "/b", "/b/x", "/c"])
        #expect(seen.files == [Array("1.flac".utf8), Array("2.mp3".utf8)])
        #expect(seen.problems.isEmpty)
    }

    @Test("Playlist files are listed beside the music, not among it")
    func playlists() async throws {
        let scratch = try ScratchFolder()
        for name in ["a.M3U", "b.m3u8", "c.pls", "d.xspf", "e.mp3", "f.m3ux", ".g.m3u", "m3u", "h.xspf.mp3"] {
            try scratch.file(name)
        }
        var listings: [FolderListing] = []
        try await DirectoryWalker().walk(scratch.path, within: scratch.path, isShallow: false) {
            listings.append($0)
        } problem: { _ in
        }
        let names = listings.first?.playlists?.map { String(decoding: $0.name, as: UTF8.self) }
        #expect(names == [".g.m3u", "a.M3U", "b.m3u8", "c.pls", "d.xspf"])
        #expect(listings.first?.files.map { String(decoding: $0.name, as: UTF8.self) } == ["e.mp3", "h.xspf.mp3"])
    }

    @Test("Only audio extensions count, in any case; hidden folders and a Mac's ._ notes do not")
    func extensions() async throws {
        let scratch = try ScratchFolder()
        for name in [
            "a.MP3", "b.txt", "c.jpg", ".d.mp3", "._a.MP3", "mp3", ".mp3", "e.mp3.part", "f.opus", "g.", "h.mp3x",
            "i.webm",
            "j.weba",
        ] {
            try scratch.file(name)
        }
        try scratch.folder(".hidden")
        try scratch.file(".hidden/i.mp3")
        let seen = try await walk(scratch)
        #expect(seen.files == [".d.mp3", "a.MP3", "f.opus", "i.webm", "j.weba"].map { Array($0.utf8) })
        #expect(seen.folders == [""])
    }

    @Test(
        "A folder that asks to be ignored is passed over with all below it, and is named",
        arguments: [".nomedia", ".sillonignore"])
    func ignored(_ marker: String) async throws {
        let scratch = try ScratchFolder()
        try scratch.folder("a/b")
        try scratch.file("a/" + marker)
        try scratch.file("a/1.mp3")
        try scratch.file("a/b/2.mp3")
        let seen = try await walk(scratch)
        #expect(seen.folders == [""])
        #expect(seen.files.isEmpty)
        #expect(seen.problems.map(\.path) == [scratch("a")] && seen.problems.allSatisfy(\.isIgnored))
    }

    @Test("Facts are those of lstat")
    func facts() async throws {
        let scratch = try ScratchFolder()
        try scratch.file("a.mp3", "12345")
        var listed: [ListedFile] = []
        try await DirectoryWalker().walk(scratch.path, within: scratch.path, isShallow: false) {
            listed += $0.files
        } problem: { _ in
        }
        var expected = stat()
        #expect(lstat(scratch("a.mp3").display, &expected) == 0)
        #expect(
            listed.map(\.facts) == [
                FileFacts(
                    size: 5, mtimeNs: Int64(expected.st_mtim.tv_sec) * 1_000_000_000 + Int64(expected.st_mtim.tv_nsec),
                    inode: Int64(expected.st_ino), device: Int64(expected.st_dev))
            ])
    }

    @Test("A shallow walk lists the folder alone, and names the folders in it without a word")
    func shallow() async throws {
        let scratch = try ScratchFolder()
        for name in ["a/deep", "b", ".hidden", "c"] { try scratch.folder(name) }
        for name in ["1.mp3", "a/2.mp3", "a/deep/3.mp3", "c/.nomedia"] { try scratch.file(name) }
        try scratch.link("linked", to: scratch("a").display)
        let seen = try await walk(scratch, isShallow: true)
        #expect(seen.folders == [""] && seen.files == [Array("1.mp3".utf8)])
        #expect(seen.problems == ["a", "b", "c"].map { .unasked(scratch($0)) })
        #expect(seen.problems.allSatisfy { $0.message == nil && !$0.isIgnored })
        let inside = try await walk(scratch, scope: scratch("c"), isShallow: true)
        #expect(inside.folders.isEmpty && inside.problems.count == 1 && inside.problems[0].isIgnored)
    }

    @Test("Names are bytes: not UTF-8, newline, 255 bytes, and twins that look the same")
    func hostileNames() async throws {
        let scratch = try ScratchFolder()
        let names: [[UInt8]] = [
            [0xFF, 0xFE] + Array(".mp3".utf8), Array("a\nb.mp3".utf8), Array("caf\u{E9}.mp3".utf8),
            Array("cafe\u{301}.mp3".utf8), Array(repeating: 0x61, count: 251) + Array(".mp3".utf8),
            Array("\u{1B}[31m.mp3".utf8), Array("\".mp3".utf8),
        ]
        for name in names { try scratch.file(name) }
        let seen = try await walk(scratch)
        #expect(seen.files == names.sorted { $0.lexicographicallyPrecedes($1) })
        for name in names {
            _ = try BeneathOpener().open(scratch.path.appending(name), beneath: scratch.path)
        }
    }

    @Test("Links are not followed, and what is no regular file is not opened")
    func specialFiles() async throws {
        let scratch = try ScratchFolder()
        try scratch.folder("a")
        try scratch.file("a/real.mp3")
        try scratch.link("a/loop", to: "..")
        try scratch.link("self", to: "self")
        try scratch.link("out", to: "/")
        try scratch.link("link.mp3", to: "a/real.mp3")
        #expect(mkfifo(scratch("pipe.mp3").display, 0o600) == 0)
        let socket = UnixSocketFile(scratch("socket.mp3").display)
        let isBound = socket.isBound
        #expect(isBound)
        let seen = try await walk(scratch)
        #expect(seen.folders == ["", "/a"])
        #expect(seen.files == [Array("real.mp3".utf8)])
    }

    @Test("The scope itself may be reached through a link, but not through one below the root")
    func linkedScope() async throws {
        let scratch = try ScratchFolder()
        try scratch.folder("real/sub")
        try scratch.file("real/sub/1.mp3")
        try scratch.link("alias", to: "real")
        var files = 0
        try await DirectoryWalker().walk(scratch("alias"), within: scratch("alias"), isShallow: false) {
            files += $0.files.count
        } problem: { _ in
        }
        #expect(files == 1)
        let failure = await #expect(throws: Failure.self) { try await walk(scratch, scope: scratch("alias")) }
        #expect(failure?.reason == .outsideRoot)
    }

    @Test("A scope that is not there is the root's failure", arguments: ["gone", "file.mp3"])
    func missingScope(_ name: String) async throws {
        let scratch = try ScratchFolder()
        try scratch.file("file.mp3")
        let failure = await #expect(throws: Failure.self) { try await walk(scratch, scope: scratch(name)) }
        #expect(failure?.reason == .rootUnavailable)
        #expect(failure?.message.contains("\"\(scratch(name).display)\"") == true)
    }

    @Test("Too deep and too full are problems with a path, not the end")
    func limits() async throws {
        let scratch = try ScratchFolder()
        try scratch.folder("a/b/c/d")
        try scratch.folder("full")
        for index in 0..<5 { try scratch.file("full/\(index).mp3") }
        let seen = try await walk(scratch, walker: DirectoryWalker(depthMax: 2, entriesMax: 4))
        #expect(seen.folders == ["", "/a", "/a/b"])
        #expect(seen.problems.map(\.path) == [scratch("a/b/c"), scratch("full")])
    }

    @Test("A folder that vanishes during the walk is a problem, not the end")
    func vanishing() async throws {
        let scratch = try ScratchFolder()
        for name in ["a", "b", "c"] { try scratch.folder(name) }
        var seen: [FilePath] = []
        var problems: [WalkProblem] = []
        try await DirectoryWalker().walk(scratch.path, within: scratch.path, isShallow: false) { listing in
            seen.append(listing.path)
            if listing.path == scratch("a") { try FileManager.default.removeItem(atPath: scratch("b").display) }
        } problem: {
            problems.append($0)
        }
        #expect(seen == [scratch.path, scratch("a"), scratch("c")])
        #expect(problems.map(\.path) == [scratch("b")])
    }

    @Test("A folder that may not be read is a problem, and the others are walked")
    func unreadable() throws {
        let scratch = try ScratchFolder()
        for name in ["a", "b"] { try scratch.folder(name) }
        chmod(scratch("a").display, 0)
        defer { chmod(scratch("a").display, 0o700) }
        var folders: [FilePath] = []
        var problems: [FilePath] = []
        try OrdinaryUser.run {
            var walk = FolderWalk(depthMax: 2, entriesMax: 10)
            try walk.start(scratch.path, within: scratch.path)
            while let step = try walk.next() {
                switch step {
                case .folder(let listing): folders.append(listing.path)
                case .problem(let problem): problems.append(problem.path)
                }
            }
        }
        #expect(folders == [scratch.path, scratch("b")])
        #expect(problems == [scratch("a")])
    }

    @Test("A file is gone when it or a folder above it is; a link that leads nowhere and a locked file are there")
    func gone() throws {
        let scratch = try ScratchFolder()
        for name in ["a", "locked"] { try scratch.folder(name) }
        for name in ["a/1.mp3", "locked/2.mp3"] { try scratch.file(name) }
        try scratch.link("a/link.mp3", to: "nowhere")
        chmod(scratch("locked").display, 0)
        defer { chmod(scratch("locked").display, 0o700) }
        let there = ["a/1.mp3", "a/link.mp3", "locked/2.mp3"].map { scratch($0) }
        let gone = ["a/3.mp3", "b/1.mp3", "a/1.mp3/x"].map { scratch($0) }
        let long = scratch("a/" + String(repeating: "x", count: 5000))
        let found = try OrdinaryUser.run { DirectoryWalker().goneHere(there + gone + [long]) }
        #expect(found == gone)
    }

    @Test("A cancelled walk stops at the next folder")
    func cancel() async throws {
        let scratch = try ScratchFolder()
        for index in 0..<20 { try scratch.folder("f\(index)") }
        let task = Task {
            var count = 0
            do {
                try await DirectoryWalker().walk(scratch.path, within: scratch.path, isShallow: false) { _ in
                    count += 1
                    withUnsafeCurrentTask { $0?.cancel() }
                } problem: { _ in
                }
            } catch is CancellationError {
                return count
            }
            return -1
        }
        #expect(try await task.value == 1)
    }
}

/// A socket in the file system.
private struct UnixSocketFile: ~Copyable {
    private let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    let isBound: Bool

    init(_ path: String) {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let capacity = MemoryLayout.size(ofValue: address.sun_path)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8.prefix(capacity - 1)) }
        let number = descriptor
        isBound = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(number, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0
            }
        }
    }

    deinit {
        close(descriptor)
    }
}
