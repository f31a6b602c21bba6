import Domain
import Files
import Foundation
import Logging
import Persistence
import Testing
import UseCases

@testable import Remote

/// How files reach a device that does not have the server's disks.
@Suite(.timeLimit(.minutes(2))) struct RemoteFilesTests {
    /// A leased task for one file of the library, and the way to it.
    private struct Case: Sendable {
        let bench: BrokerBench
        let connection: ServerConnection
        let proxy: FaultyProxy
        let cache: String

        func files(map: [PathMap.Rule] = [], bytesMax: Int64 = 1 << 30) throws -> RemoteFiles {
            var logger = Logger(label: "remote-tests")
            logger.logLevel = .critical
            return RemoteFiles(
                map: PathMap(map), server: connection, folder: try CacheFolder(in: cache), slots: 2,
                bytesMax: bytesMax, logger: logger)
        }

        func lease(_ path: FilePath) async throws -> LeasedTask {
            try await bench.submitIndex(path)
            return try #require(try await bench.lease(kinds: [.indexFile: 1]).first)
        }

        func wanted(_ path: FilePath, size: Int64? = nil, mtimeNs: Int64? = nil) -> WantedFile {
            WantedFile(MediaFile(path: path, root: FilePath(bench.server.root)), size: size, mtimeNs: mtimeNs)
        }
    }

    private func run(_ body: @Sendable (Case) async throws -> Void) async throws {
        try await FleetServer.run { server in
            let proxy = try await FaultyProxy(to: server.port)
            try await BrokerBench.connected(to: proxy.port, try await server.secret()) { connection in
                let bench = BrokerBench(server: server, broker: RemoteBroker(server: connection))
                try await bench.register()
                try await body(
                    Case(bench: bench, connection: connection, proxy: proxy, cache: server.root + "/../cache"))
            }
            try await proxy.close()
        }
    }

    private static func noise(_ count: Int) -> [UInt8] {
        var state: UInt32 = 1
        return (0..<count).map { _ in
            state = state &* 1_664_525 &+ 1_013_904_223
            return UInt8(truncatingIfNeeded: state >> 24)
        }
    }

    private static func read(_ reached: ReachedFile) throws -> [UInt8] {
        Array(try Data(contentsOf: URL(filePath: reached.file.path.display)))
    }

    @Test("A file is fetched as it is, with the facts of the server's file, and is gone afterwards")
    func fetches() async throws {
        try await run { test in
            let bytes = Self.noise(1_000_003)
            let path = try test.bench.server.write("a.flac", bytes)
            let facts = try await LibraryFiles().open(MediaFile(path: path, root: FilePath(test.bench.server.root)))
                .facts
            let task = try await test.lease(path)
            let files = try test.files()
            let copy = try await files.reach(test.wanted(path), lease: task.lease) { reached in
                let got = try Self.read(reached)
                #expect(got == bytes)
                #expect(reached.facts == facts && reached.file.path.fileExtension == "flac")
                return reached.file.path.display
            }
            #expect(!FileManager.default.fileExists(atPath: copy))
        }
    }

    @Test("A download that is cut goes on where it stopped")
    func resumes() async throws {
        try await run { test in
            let bytes = Self.noise(3_000_000)
            let path = try test.bench.server.write("a.mp3", bytes)
            let task = try await test.lease(path)
            let before = test.proxy.answered
            test.proxy.cut(after: [700_000, 0, 900_000, 100])
            let got = try await test.files().reach(test.wanted(path), lease: task.lease) { try Self.read($0) }
            #expect(got == bytes)
            let sent = test.proxy.answered - before
            // From the start each time it would be 4,600,000. What is on its way when a connection is cut is lost.
            #expect(sent < 4_300_000, "\(sent) bytes were sent for 3000000")
        }
    }

    @Test("A file that changes in mid-download is fetched anew")
    func changes() async throws {
        try await run { test in
            let path = try test.bench.server.write("a.mp3", Self.noise(2_000_000))
            let task = try await test.lease(path)
            let other = Array(Self.noise(2_000_001).dropFirst())
            // The first half comes from the old file; then the server has another one.
            test.proxy.cut(after: [1_000_000])
            let changing = Task {
                while test.proxy.answered < 1_000_000 { await Task.yield() }
                return try test.bench.server.write("a.mp3", other)
            }
            let got = try await test.files().reach(
                test.wanted(path, size: 2_000_000), lease: task.lease
            ) { try Self.read($0) }
            _ = try await changing.value
            #expect(got == other)
        }
    }

    @Test("A mapped file is read in its place when it is the same, and fetched when it is not")
    func mapped() async throws {
        try await run { test in
            let server = test.bench.server
            let path = try server.write("a.mp3", Self.noise(1000))
            let facts = try await LibraryFiles().open(MediaFile(path: path, root: FilePath(server.root))).facts
            let local = server.root + "/../mnt"
            try FileManager.default.createDirectory(atPath: local, withIntermediateDirectories: true)
            let folder = String(try #require(realpath(local, nil).map { String(cString: $0) }))
            try FileManager.default.copyItem(atPath: path.display, toPath: folder + "/a.mp3")
            try setTime(folder + "/a.mp3", nanoseconds: facts.mtimeNs / 1_000_000_000 * 1_000_000_000)
            let files = try test.files(
                map: [PathMap.Rule(server: FilePath(server.root), local: FilePath(folder))])
            let task = try await test.lease(path)
            let known = test.wanted(path, size: facts.size, mtimeNs: facts.mtimeNs)
            for wanted in [known, test.wanted(path)] {
                try await files.reach(wanted, lease: task.lease) { reached in
                    #expect(reached.file == MediaFile(path: FilePath(folder + "/a.mp3"), root: FilePath(folder)))
                    #expect(reached.facts?.mtimeNs == facts.mtimeNs && reached.facts?.size == facts.size)
                }
            }
            try setTime(folder + "/a.mp3", nanoseconds: facts.mtimeNs - 60_000_000_000)
            try await files.reach(known, lease: task.lease) { #expect($0.facts == facts) }
        }
    }

    @Test("Only the file of a task that is leased is given out")
    func noLease() async throws {
        try await run { test in
            let path = try test.bench.server.write("a.mp3", Self.noise(10))
            let task = try await test.lease(path)
            _ = try await test.bench.settle([task], .released)
            let files = try test.files()
            await #expect(throws: Failure.self) {
                try await files.reach(test.wanted(path, size: 10), lease: task.lease) { _ in }
            }
            let guessed = Lease(taskID: task.lease.taskID, token: 1)
            await #expect(throws: Failure.self) {
                try await files.reach(test.wanted(path, size: 10), lease: guessed) { _ in }
            }
        }
    }

    @Test(
        "What is no file of the library is refused with the reason",
        arguments: [
            ("link.mp3", Failure.Reason.outsideRoot), ("pipe.mp3", .notAFile), ("gone.mp3", .fileGone),
            ("folder.mp3", .notAFile),
        ])
    func refused(name: String, reason: Failure.Reason) async throws {
        try await run { test in
            let root = test.bench.server.root
            let outside = root + "/../outside.mp3"
            try Data([1, 2, 3]).write(to: URL(filePath: outside))
            try FileManager.default.createSymbolicLink(atPath: root + "/link.mp3", withDestinationPath: outside)
            mkfifo(root + "/pipe.mp3", 0o600)
            try FileManager.default.createDirectory(atPath: root + "/folder.mp3", withIntermediateDirectories: false)
            let path = FilePath("\(root)/\(name)")
            let task = try await test.lease(path)
            await #expect {
                try await test.files().reach(test.wanted(path), lease: task.lease) { _ in }
            } throws: { error in
                let failure = error as? Failure
                return failure?.reason == reason && failure?.message.contains(name) == true
            }
        }
    }

    @Test("A file that is larger than the cache is refused; several small ones take turns")
    func limit() async throws {
        try await run { test in
            let files = try test.files(bytesMax: 1000)
            let large = try test.bench.server.write("large.mp3", Self.noise(1001))
            let task = try await test.lease(large)
            await #expect {
                try await files.reach(test.wanted(large, size: 1001), lease: task.lease) { _ in }
            } throws: { ($0 as? Failure)?.isTransient == true }
            let small = try test.bench.server.write("small.mp3", Self.noise(600))
            let other = try await test.lease(small)
            try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<4 {
                    group.addTask {
                        try await files.reach(test.wanted(small, size: 600), lease: other.lease) { _ in
                            try FileManager.default.subpathsOfDirectory(atPath: test.cache).count {
                                $0.hasSuffix(".mp3")
                            }
                        }
                    }
                }
                for try await count in group { #expect(count == 1) }
            }
        }
    }

    @Test("A failure names the file as the library knows it")
    func names() async throws {
        try await run { test in
            let path = try test.bench.server.write("a.mp3", [1])
            let task = try await test.lease(path)
            let files = try test.files()
            await #expect {
                try await files.reach(test.wanted(path), lease: task.lease) { reached in
                    throw Failure(.corruptFile, "\(reached.file.path.quoted) is broken")
                }
            } throws: { ($0 as? Failure)?.message == "\(path.quoted) is broken" }
        }
    }

    /// Whole seconds, as a coarse file system keeps them.
    private func setTime(_ path: String, nanoseconds: Int64) throws {
        let date = Date(timeIntervalSince1970: Double(nanoseconds / 1_000_000_000))
        try FileManager.default.setAttributes([.modificationDate: date], ofItemAtPath: path)
    }
}
