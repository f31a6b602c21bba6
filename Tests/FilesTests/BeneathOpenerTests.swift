import Domain
import Foundation
import Testing

@testable import Files

@Suite struct BeneathOpenerTests {
    /// Both ways must agree: the kernel's own, and the portable one.
    static let openers = [BeneathOpener(usesOpenat2: true), BeneathOpener(usesOpenat2: false)]

    private func reason(_ opener: BeneathOpener, _ path: FilePath, _ root: FilePath) -> Failure.Reason? {
        do {
            _ = try opener.open(path, beneath: root)
            return nil
        } catch {
            return error.reason
        }
    }

    @Test("A regular file opens at its start", arguments: openers)
    func regular(_ opener: BeneathOpener) throws {
        let scratch = try ScratchFolder()
        try scratch.folder("a/b")
        try scratch.file("a/b/1.mp3", "hello")
        let file = try opener.open(scratch("a/b/1.mp3"), beneath: scratch.path)
        var bytes = [UInt8](repeating: 0, count: 16)
        #expect(read(file.number, &bytes, 16) == 5)
        #expect(file.facts.size == 5)
    }

    @Test("A file that grows after it was opened has changed", arguments: openers)
    func changed(_ opener: BeneathOpener) throws {
        let scratch = try ScratchFolder()
        try scratch.file("1.mp3", "hello")
        let file = try opener.open(scratch("1.mp3"), beneath: scratch.path)
        try opener.expectUnchanged(file)
        try scratch.file("1.mp3", "hello again")
        do {
            try opener.expectUnchanged(file)
            Issue.record("the change was not seen")
        } catch {
            #expect(error.reason == .fileChanged)
        }
    }

    @Test("Each thing that is wrong has its own reason", arguments: openers)
    func reasons(_ opener: BeneathOpener) throws {
        let scratch = try ScratchFolder()
        try scratch.folder("music/sub")
        try scratch.folder("musicevil")
        try scratch.file("musicevil/1.mp3")
        try scratch.file("music/1.mp3")
        try scratch.link("music/out.mp3", to: "../musicevil/1.mp3")
        try scratch.link("music/outside", to: "../musicevil")
        try scratch.link("music/inside.mp3", to: "1.mp3")
        try scratch.link("music/loop", to: "loop")
        #expect(mkfifo(scratch("music/pipe.mp3").display, 0o600) == 0)
        let music = scratch("music")
        #expect(reason(opener, scratch("music/1.mp3"), music) == nil)
        #expect(reason(opener, scratch("music/gone.mp3"), music) == .fileGone)
        #expect(reason(opener, scratch("music/gone/1.mp3"), music) == .fileGone)
        #expect(reason(opener, scratch("music/1.mp3/2.mp3"), music) == .fileGone)
        #expect(reason(opener, scratch("music/sub"), music) == .notAFile)
        #expect(reason(opener, music, music) == .notAFile)
        #expect(reason(opener, scratch("music/pipe.mp3"), music) == .notAFile)
        #expect(reason(opener, scratch("music/out.mp3"), music) == .outsideRoot)
        #expect(reason(opener, scratch("music/outside/1.mp3"), music) == .outsideRoot)
        #expect(reason(opener, scratch("music/inside.mp3"), music) == .outsideRoot)
        #expect(reason(opener, scratch("music/loop/1.mp3"), music) == .outsideRoot)
        #expect(reason(opener, scratch("musicevil/1.mp3"), music) == .outsideRoot)
        #expect(reason(opener, scratch("music/../musicevil/1.mp3"), music) == .outsideRoot)
        #expect(reason(opener, scratch("nomusic/1.mp3"), scratch("nomusic")) == .rootUnavailable)
    }

    @Test("A file that may not be read says so")
    func unreadable() throws {
        let scratch = try ScratchFolder()
        try scratch.file("1.mp3")
        chmod(scratch("1.mp3").display, 0)
        for opener in Self.openers {
            #expect(try OrdinaryUser.run { reason(opener, scratch("1.mp3"), scratch.path) } == .unreadable)
        }
    }

    @Test("The root may be a link, and what is opened lies in it", arguments: openers)
    func linkedRoot(_ opener: BeneathOpener) throws {
        let scratch = try ScratchFolder()
        try scratch.folder("real")
        try scratch.file("real/1.mp3")
        try scratch.link("alias", to: "real")
        #expect(reason(opener, scratch("alias/1.mp3"), scratch("alias")) == nil)
    }

    @Test("A message names the file on one line, with nothing that a terminal would obey")
    func quoting() throws {
        let path = FilePath(bytes: Array("/m/a\n\u{1B}[2J\"\u{202E}".utf8) + [0xFF])
        #expect(path.quoted == "\"/m/a\\u{a}\\u{1b}[2J'\\u{202e}\u{FFFD}\"")
    }
}
