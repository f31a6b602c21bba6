import CFiles
import Domain
import Files
import Foundation
import Testing

@Suite struct FileReplacementTests {
    private static let salt: UInt64 = 0xAB

    private func text(_ path: FilePath) throws -> String { try String(contentsOfFile: path.display, encoding: .utf8) }

    private func names(_ folder: ScratchFolder) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder.path.display).sorted()
    }

    private func append(_ text: String, to replacement: borrowing FileReplacement) {
        lseek(replacement.number, 0, SEEK_END)
        _ = text.withCString { write(replacement.number, $0, strlen($0)) }
    }

    @Test(
        "The copy takes the file's place, with mode, owner and notes, and nothing stays behind",
        arguments: [true, false])
    func replaces(usesUnnamed: Bool) throws {
        let folder = try ScratchFolder()
        try folder.file("a", String(repeating: "old ", count: 100_000))
        let path = folder("a")
        chmod(path.display, 0o640)
        if geteuid() == 0 { chown(path.display, 12345, 54321) }
        let hasNotes = try Note.set(on: path)
        var before = stat()
        stat(path.display, &before)
        let replacement = try FileReplacement.copying(path, salt: Self.salt, usesUnnamed: usesUnnamed)
        append("new", to: replacement)
        #expect(try text(path).hasSuffix("old "), "nothing changes before the end")
        try replacement.commit()
        #expect(try text(path).hasSuffix("old new"))
        var after = stat()
        stat(path.display, &after)
        #expect(after.st_mode == before.st_mode && after.st_uid == before.st_uid && after.st_gid == before.st_gid)
        #expect(after.st_ino != before.st_ino)
        #expect(hasNotes == (try Note.isSet(on: path)))
        #expect(try names(folder) == ["a"])
    }

    @Test("A copy that is given up leaves the file and no trace", arguments: [true, false])
    func givenUp(usesUnnamed: Bool) throws {
        let folder = try ScratchFolder()
        try folder.file("a", "old")
        do {
            let replacement = try FileReplacement.copying(folder("a"), salt: Self.salt, usesUnnamed: usesUnnamed)
            append("new", to: replacement)
            #expect(try names(folder).count == (usesUnnamed ? 1 : 2))
        }
        #expect(try names(folder) == ["a"])
        #expect(try text(folder("a")) == "old")
    }

    @Test("A tagger that sets size and mtime back as they were is noticed")
    func secretly() throws {
        let folder = try ScratchFolder()
        try folder.file("a", "old")
        let path = folder("a").display
        var facts = stat()
        stat(path, &facts)
        let replacement = try FileReplacement.copying(folder("a"), salt: Self.salt)
        var isChanged = false
        // The kernel's clock for files has a grain of some milliseconds: write until it shows.
        while !isChanged {
            try folder.file("a", "new")
            let times = [facts.st_atim, facts.st_mtim]
            utimensat(AT_FDCWD, path, times, 0)
            var now = stat()
            stat(path, &now)
            #expect(now.st_mtim.tv_nsec == facts.st_mtim.tv_nsec && now.st_size == facts.st_size)
            isChanged = now.st_ctim.tv_nsec != facts.st_ctim.tv_nsec
        }
        var failure: Failure?
        do { try replacement.commit() } catch { failure = error }
        #expect(failure?.reason == .fileChanged)
        #expect(try text(folder("a")) == "new")
    }

    @Test("Access lists of any system and users' own attributes are carried, labels of the system are not")
    func carried() {
        let carried = [
            "user.note", "system.posix_acl_access", "system.nfs4_acl", "system.nfs4_dacl", "system.richacl",
            "security.NTACL",
        ]
        let left = ["security.selinux", "security.capability", "trusted.overlay.opaque", "user", "systems.a", ""]
        #expect(carried.filter { sillon_is_carried($0) == 0 } == [])
        #expect(left.filter { sillon_is_carried($0) != 0 } == [])
    }

    @Test("An attribute without a value, and a long one, go with the copy", .enabled(if: Note.areKnown, Note.unknown))
    func values() throws {
        let folder = try ScratchFolder()
        try folder.file("a", "old")
        let (path, long) = (folder("a"), [UInt8](repeating: 7, count: 1000))
        #expect(try Note.set(on: path, "user.empty", []) && Note.set(on: path, "user.long", long))
        let replacement = try FileReplacement.copying(path, salt: Self.salt)
        append("new", to: replacement)
        try replacement.commit()
        #expect(try text(path) == "oldnew")
        #expect(try Note.count(on: path, "user.empty") == 0)
        #expect(try Note.value(on: path, "user.long") == long)
    }

    @Test(
        "An access list goes with the copy, and one that the folder gives does not stay",
        .enabled(if: Note.accessListsAreKnown, Note.unknown))
    func accessList() throws {
        let folder = try ScratchFolder()
        try folder.file("a", "old")
        let path = folder("a")
        #expect(try Note.set(on: path, "system.posix_acl_access", Note.accessList(group: 7)))
        #expect(try Note.set(on: folder.path, "system.posix_acl_default", Note.accessList(group: 4)))
        let before = try Note.value(on: path, "system.posix_acl_access")
        let replacement = try FileReplacement.copying(path, salt: Self.salt)
        append("new", to: replacement)
        try replacement.commit()
        #expect(try text(path) == "oldnew")
        #expect(try Note.value(on: path, "system.posix_acl_access") == before && before.count > 4)
    }

    @Test("A file that somebody else wrote to, replaced or took away meanwhile is left to them", arguments: 0..<3)
    func meanwhile(what: Int) throws {
        let folder = try ScratchFolder()
        try folder.file("a", "old")
        let replacement = try FileReplacement.copying(folder("a"), salt: Self.salt)
        append("new", to: replacement)
        switch what {
        case 0: try folder.file("a", "theirs")
        case 1:
            try folder.file("b", "theirs")
            rename(folder("b").display, folder("a").display)
        default: rename(folder("a").display, folder("b").display)
        }
        // Not by a macro: a closure cannot consume it.
        var failure: Failure?
        do { try replacement.commit() } catch { failure = error }
        #expect(failure?.reason == .fileChanged)
        #expect(try names(folder) == [what == 2 ? "b" : "a"])
        #expect(try text(folder(what == 2 ? "b" : "a")) == (what == 2 ? "old" : "theirs"))
    }

    @Test("What nobody may write to is not replaced")
    func readOnly() throws {
        let folder = try ScratchFolder()
        try folder.file("a", "old")
        chmod(folder("a").display, 0o444)
        let failure = #expect(throws: Failure.self) { _ = try FileReplacement.copying(folder("a"), salt: Self.salt) }
        #expect(failure?.reason == .unreadable)
        #expect(failure?.message.hasSuffix("may not be written: Permission denied") == true)
    }

    @Test(
        "What only others may write to is not replaced",
        .enabled(if: geteuid() == 0, "only root can become another user"))
    func others() throws {
        let folder = try ScratchFolder()
        try folder.file("a", "old")
        chmod(folder("a").display, 0o644)
        chmod(folder.path.display, 0o755)
        let others = #expect(throws: Failure.self) {
            try OrdinaryUser.run { _ = try FileReplacement.copying(folder("a"), salt: Self.salt) }
        }
        #expect(others?.reason == .unreadable)
        #expect(try names(folder) == ["a"])
    }

    @Test("Links, folders and what is not there are refused")
    func noFile() throws {
        let folder = try ScratchFolder()
        try folder.folder("folder")
        try folder.link("link", to: "folder")
        for name in ["folder", "link", "none"] {
            #expect(throws: Failure.self, "\(name)") { _ = try FileReplacement.copying(folder(name), salt: Self.salt) }
        }
    }

    @Test("Another hard link keeps the old file")
    func hardLink() throws {
        let folder = try ScratchFolder()
        try folder.file("a", "old")
        link(folder("a").display, folder("b").display)
        let replacement = try FileReplacement.copying(folder("a"), salt: Self.salt)
        append("new", to: replacement)
        try replacement.commit()
        #expect(try text(folder("a")) == "oldnew")
        #expect(try text(folder("b")) == "old")
    }
}

/// An attribute of a file; the calls are in glibc, but in none of the modules that Swift sees.
private enum Note {
    private typealias Set =
        @convention(c) (
            UnsafePointer<CChar>, UnsafePointer<CChar>, UnsafeRawPointer, Int, CInt
        ) -> CInt
    private typealias Get =
        @convention(c) (
            UnsafePointer<CChar>, UnsafePointer<CChar>, UnsafeMutableRawPointer?, Int
        ) -> Int

    /// False where the file system has none.
    static func set(on path: FilePath, _ name: String = "user.note", _ value: [UInt8] = [0x78]) throws -> Bool {
        let symbol = try #require(dlsym(nil, "setxattr"))
        return unsafeBitCast(symbol, to: Set.self)(path.display, name, value, value.count, 0) == 0
    }

    static func value(on path: FilePath, _ name: String) throws -> [UInt8] {
        let symbol = try #require(dlsym(nil, "getxattr"))
        var value = [UInt8](repeating: 0, count: 1024)
        let count = unsafeBitCast(symbol, to: Get.self)(path.display, name, &value, value.count)
        return Array(value.prefix(max(0, count)))
    }

    static func isSet(on path: FilePath) throws -> Bool { try count(on: path, "user.note") == 1 }

    /// -1 when there is no such attribute.
    static func count(on path: FilePath, _ name: String) throws -> Int {
        let symbol = try #require(dlsym(nil, "getxattr"))
        return unsafeBitCast(symbol, to: Get.self)(path.display, name, nil, 0)
    }

    static let unknown: Comment = "the file system for temporary files does not have these attributes"
    static let areKnown: Bool = canSet("user.note", [0x78])
    static let accessListsAreKnown: Bool = canSet("system.posix_acl_access", accessList(group: 7))

    /// Version 2, then tag, rights and id: the user 12345 has `group` as rights, so has the mask.
    static func accessList(group rights: UInt8) -> [UInt8] {
        func entry(_ tag: UInt8, _ rights: UInt8, _ id: [UInt8] = [0xFF, 0xFF, 0xFF, 0xFF]) -> [UInt8] {
            [tag, 0, rights, 0] + id
        }
        return [2, 0, 0, 0] + entry(1, 6) + entry(2, rights, [0x39, 0x30, 0, 0]) + entry(4, 4) + entry(0x10, rights)
            + entry(0x20, 0)
    }

    private static func canSet(_ name: String, _ value: [UInt8]) -> Bool {
        do {
            let folder = try ScratchFolder()
            try folder.file("a")
            return try set(on: folder("a"), name, value)
        } catch {
            return false
        }
    }
}
