import Domain
import Foundation
import NIOCore
import Testing

@testable import sillon

private func temporaryFolder() -> String { NSTemporaryDirectory() + "sillon-test-\(UUID().uuidString)" }

@Suite struct DataFolderTests {
    @Test("The folder and the token file are for their owner only")
    func modes() throws {
        let path = temporaryFolder() + "/deep/data"
        let folder = DataFolder(path: path)
        try folder.prepare()
        try folder.writePrivateFile("admin-token", "secret\n")
        let attributes = FileManager.default
        #expect(try attributes.attributesOfItem(atPath: path)[.posixPermissions] as? Int == 0o700)
        #expect(try attributes.attributesOfItem(atPath: path + "/admin-token")[.posixPermissions] as? Int == 0o600)
        #expect(!folder.isOpenToOthers)
        #expect(try AccessTokenFinder.read(path + "/admin-token")?.value == "secret")
    }

    @Test("Each folder that root makes belongs to the owner of the one around it", .enabled(if: geteuid() == 0))
    func owner() throws {
        let top = temporaryFolder()
        // Of Debian, wherever this runs: daemon.
        let daemon: uid_t = 1
        try #require(mkdir(top, 0o755) == 0 && chown(top, daemon, daemon) == 0)
        try DataFolder(path: top + "/new/deep/data").prepare()
        for folder in ["/new", "/new/deep", "/new/deep/data"] {
            let facts = try FileManager.default.attributesOfItem(atPath: top + folder)
            let owners = [facts[.ownerAccountID] as? Int, facts[.groupOwnerAccountID] as? Int]
            #expect(owners == [Int(daemon), Int(daemon)], "\(folder)")
        }
    }

    @Test("A second lock on the same folder is refused with the first one's process, and can be had after it")
    func lock() throws {
        let path = temporaryFolder()
        try DataFolder(path: path).prepare()
        var first: FolderLock? = try FolderLock(path: path + "/lock", folder: path)
        let error = #expect(throws: CommandError.self) { _ = try FolderLock(path: path + "/lock", folder: path) }
        #expect(error?.message.contains("process \(getpid())") == true)
        #expect(first != nil)
        first = nil
        _ = try FolderLock(path: path + "/lock", folder: path)
    }

    @Test("Where a server listens is known as long as it runs")
    func announcement() throws {
        let path = temporaryFolder()
        try DataFolder(path: path).prepare()
        var lock: FolderLock? = try FolderLock(path: path + "/lock", folder: path)
        #expect(FolderLock.announced(path: path + "/lock") == nil)
        lock?.announce("http://127.0.0.1:4711")
        #expect(FolderLock.announced(path: path + "/lock") == "http://127.0.0.1:4711")
        lock = nil
        #expect(FolderLock.announced(path: path + "/lock") == nil)
    }

    @Test("A file in the place of the folder is refused")
    func fileInTheWay() throws {
        let path = temporaryFolder()
        try "x".write(toFile: path, atomically: true, encoding: .utf8)
        #expect(throws: CommandError.self) { try DataFolder(path: path).prepare() }
    }

    @Test("A token file with anything but a token is refused, and none is no error")
    func tokenFile() throws {
        let path = temporaryFolder()
        #expect(try AccessTokenFinder.read(path) == nil)
        try "two words\nand lines".write(toFile: path, atomically: true, encoding: .utf8)
        #expect(throws: CommandError.self) { _ = try AccessTokenFinder.read(path) }
    }
}

@Suite struct FirstTokenTests {
    @Test("A token is made exactly when the database has no administrator", arguments: [true, false], [true, false])
    func decision(hasFile: Bool, fileOpens: Bool) {
        #expect(
            [.create, .replace].contains(FirstToken.decide(hasFile: hasFile, fileOpens: fileOpens, hasAdmin: false)))
        let step = FirstToken.decide(hasFile: hasFile, fileOpens: fileOpens, hasAdmin: true)
        #expect(step == (hasFile ? (fileOpens ? .keep : .fileStale) : .fileAbsent))
    }
}

@Suite struct WelcomeTests {
    private func settings(host: String, data: String = "/data") throws -> Settings {
        try Settings(
            flags: .init(data: data, host: host),
            environment: Environment(variables: [:], currentFolder: "/", standardErrorIsTerminal: false))
    }

    @Test("The line to sign in can be pasted into a shell, whatever the folder is called")
    func quoting() throws {
        let lines = Welcome.lines(try settings(host: "127.0.0.1", data: "/my 'music'"), port: 8080)
        #expect(lines[1].contains(#"$(cat '/my '\''music'\''/admin-token')"#))
    }

    @Test("An IPv6 address stands in brackets, and any address is said to be any")
    func addresses() throws {
        #expect(Welcome.lines(try settings(host: "::1"), port: 1)[0] == "Sillon listens on http://[::1]:1")
        #expect(
            Welcome.lines(try settings(host: "0.0.0.0"), port: 1)[0].contains("http://127.0.0.1:1 and on every other"))
    }

    @Test("A port in use is explained with the way out")
    func portInUse() throws {
        let error = ServerRun.explain(
            IOError(errnoCode: EADDRINUSE, reason: "bind"), settings: try settings(host: "127.0.0.1"))
        #expect(
            error as? CommandError
                == .failed("127.0.0.1:8080 is in use by another program; choose another port (--port)")
        )
    }
}

@Suite struct ArgumentTests {
    @Test(
        "Roles are a list without doubt",
        arguments: [
            ("indexer,audio,vector", [.indexer, .audio, .vector]), ("audio", [.audio]), ("audio,", nil), ("drums", nil),
            ("", nil),
        ] as [(String, Set<Role>?)])
    func roles(text: String, roles: Set<Role>?) {
        #expect(RoleList(argument: text)?.roles == roles)
    }

    @Test("Every byte that means something in a URL is escaped")
    func percentEncoding() {
        #expect(APIClient.percentEncoded("a b&c=d/é?#%+") == "a%20b%26c%3Dd%2F%C3%A9%3F%23%25%2B")
    }

    @Test("A path from the command line loses its links and dots")
    func canonicalPath() throws {
        let folder = temporaryFolder()
        try FileManager.default.createDirectory(atPath: folder + "/real", withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(atPath: folder + "/link", withDestinationPath: "real")
        #expect(try PathArgument.folder(folder + "/link/../link/.").lastComponent == Array("real".utf8))
        #expect(throws: CommandError.self) { try PathArgument.folder(folder + "/nowhere") }
        #expect(FolderCheck.folder(FilePath(folder + "/link")) == (try PathArgument.folder(folder + "/real")))
        #expect(FolderCheck.folder(FilePath(folder + "/nowhere")) == nil)
    }
}
